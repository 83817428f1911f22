import type { Refused } from '@app/batches/outcome';
import type { Missing, UsedEntries } from '../dictionary/enrich-order';
import type { EnrichedOrder, KeptOrder } from '../dictionary/enricher';
import type { ReceivedOrder } from '../order/read-order';

/** An order version, and what staging makes of it. */
export type DecidedOrder = StoredOrder | ParkedOrder | RefusedOrder;

/** Which table a version is to be written to; `stored`: it is in one. */
export type Place = 'newest' | 'superseded' | 'stored';

/** With what it was enriched with, perhaps long ago. */
export interface StoredOrder extends KeptOrder {
  kind: 'stored';
  place: Place;
}

/**
 * It waits for the dictionary. Nothing is missing where it was parked before and all is there now: its job is about to
 * find that out.
 */
export interface ParkedOrder {
  kind: 'parked';
  received: ReceivedOrder;
  used: null;
  missing: Missing[];
  place: Place;
}

/** It is not staged. */
export interface RefusedOrder {
  kind: 'refused';
  received: ReceivedOrder;
  refused: Refused;
}

/** Whose order it is, and of which restaurant: both stay as in the version that came first. */
export interface Owner {
  userId: string;
  restaurantId: string;
}

/** A version with what it was enriched with; null while it waits. */
export interface StoredVersion {
  version: string;
  used: UsedEntries | null;
}

/** What staging holds of an order before the batch. */
export interface KnownOrder extends Owner {
  /** The newest version. */
  version: string;
  /** Of the versions that are asked for, those that are stored: few, so they are a list. */
  stored: StoredVersion[];
}

/**
 * What staging makes of versions of one order: what is stored stays as it is, and the newest of the others is the
 * newest of the order if it is newer than the one that was. Not staged are versions of another owner than the first,
 * and versions too large for the next topic, unless they were sent on before.
 * @param versions different ones, in the order of their arrival
 * @param known undefined of an order that is new
 */
export function decideVersions(versions: EnrichedOrder[], known?: KnownOrder): DecidedOrder[] {
  const owner = known ?? firstOwner(versions);
  const judged = versions.map((enriched) => {
    const stored = known?.stored.find(({ version }) => version === enriched.received.version)?.used;
    const isLarge = enriched.kind === 'too_large' && !stored;
    return { enriched, stored, refused: isLarge ? enriched.refused : ownerChange(owner, enriched.received) };
  });
  const added = judged.filter(({ stored, refused }) => stored === undefined && !refused);
  const newest = added.map(({ enriched }) => enriched.received.version).reduce(newerOf, known?.version ?? '');
  return judged.map(({ enriched, stored, refused }): DecidedOrder => {
    const { received } = enriched;
    if (refused) {
      return { kind: 'refused', received, refused };
    }
    if (stored !== undefined) {
      return decidedOrder(enriched, stored, 'stored');
    }
    return decidedOrder(enriched, enriched.used, received.version === newest ? 'newest' : 'superseded');
  });
}

function decidedOrder(enriched: EnrichedOrder, used: UsedEntries | null, place: Place): DecidedOrder {
  const { received } = enriched;
  const missing = enriched.kind === 'incomplete' ? enriched.missing : [];
  return used
    ? { kind: 'stored', received, used, enriched, place }
    : { kind: 'parked', received, used, missing, place };
}

/** Texts of versions sort from older to newer. */
function newerOf(a: string, b: string): string {
  return a > b ? a : b;
}

function firstOwner(versions: EnrichedOrder[]): Owner {
  return (versions.find(({ kind }) => kind !== 'too_large') ?? versions[0]!).received;
}

function ownerChange(first: Owner, { userId, restaurantId }: Owner): Refused | undefined {
  if (userId === first.userId && restaurantId === first.restaurantId) {
    return undefined;
  }
  const [field, must, id] =
    userId !== first.userId
      ? ['user', first.userId, userId]
      : ['restaurant', first.restaurantId, restaurantId];
  const message = `payload.${field}.id must stay ${must}, as in the version that came first, got ${id}`;
  return { kind: 'refused', reason: 'order_owner_changed', message };
}
