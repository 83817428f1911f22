import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceOrder } from '@app/contracts/source-order-example';
import { decideVersions, type KnownOrder, type DecidedOrder } from './decide-versions';
import type { EnrichedOrder } from '../dictionary/enricher';
import type { UsedEntries } from '../dictionary/enrich-order';
import { readOrder, type ReadOrder } from '../order/read-order';

const used: UsedEntries = { userEntryPk: 'u', restaurantEntryPk: 'r', earlierMenus: null };
const before: UsedEntries = { ...used, userEntryPk: 'before' };

type Kind = EnrichedOrder['kind'];

function enriched(
  version: string,
  kind: Kind = 'complete',
  owner: { user?: string; restaurant?: string } = {},
) {
  const order = sourceOrder();
  order.payload.user.id = owner.user ?? 'user 1';
  order.payload.restaurant.id = owner.restaurant ?? 'restaurant 1';
  const value = Buffer.from(JSON.stringify(order));
  const record = { topic: 't', partition: 0, offset: '0', timestamp: '0', key: null, value, headers: [] };
  const received = { ...(readOrder(record) as ReadOrder).received, version };
  const named = { received, used, isDated: true };
  const refused = { kind: 'refused', reason: 'message_too_large', message: '' } as const;
  const all: Record<Kind, EnrichedOrder> = {
    complete: { ...named, kind: 'complete', output: { key: null, value: null } },
    too_large: { ...named, kind: 'too_large', refused },
    incomplete: { kind: 'incomplete', received, used: null, missing: [{ kind: 'user', id: 'user 1' }] },
  };
  return all[kind];
}

const known = (version: string, versions: Record<string, UsedEntries | null> = {}): KnownOrder => ({
  version,
  userId: 'user 1',
  restaurantId: 'restaurant 1',
  stored: Object.entries({ [version]: before, ...versions }).map(([one, entries]) => ({
    version: one,
    used: entries,
  })),
});

const fate = (order: DecidedOrder) =>
  order.kind === 'refused' ? order.refused.reason : `${order.kind} ${order.place}`;
const fates = (versions: EnrichedOrder[], order?: KnownOrder) => decideVersions(versions, order).map(fate);

describe('decideVersions', () => {
  it('makes the newest version of a new order its newest, whatever came first', () => {
    expect(fates([enriched('2'), enriched('3'), enriched('1')])).toEqual([
      'stored superseded',
      'stored newest',
      'stored superseded',
    ]);
  });

  it('replaces the newest version of an order that is there by a newer one alone', () => {
    expect(fates([enriched('3'), enriched('4')], known('2'))).toEqual(['stored superseded', 'stored newest']);
    expect(fates([enriched('1')], known('2'))).toEqual(['stored superseded']);
  });

  it('leaves a stored version as it is, with the entries of that time', () => {
    const [order] = decideVersions([enriched('2')], known('2'));
    expect(order).toMatchObject({ kind: 'stored', place: 'stored', used: before });
    const [late] = decideVersions([enriched('1')], known('2', { 1: before }));
    expect(late).toMatchObject({ kind: 'stored', place: 'stored', used: before });
  });

  it('parks what the dictionary lacks, the newest version too', () => {
    const [order] = decideVersions([enriched('1', 'incomplete')]);
    const missing = [{ kind: 'user', id: 'user 1' }];
    expect(order).toMatchObject({ kind: 'parked', place: 'newest', used: null, missing });
    expect(fates([enriched('1', 'incomplete'), enriched('3')], known('2'))).toEqual([
      'parked superseded',
      'stored newest',
    ]);
  });

  it('sends on what is missing now and was stored with its entries before', () => {
    expect(decideVersions([enriched('2', 'incomplete')], known('2'))).toMatchObject([
      { kind: 'stored', place: 'stored', used: before },
    ]);
  });

  it('leaves a version parked that was parked before, also where nothing is missing any more', () => {
    const [order] = decideVersions([enriched('2')], known('2', { 2: null }));
    expect(order).toMatchObject({ kind: 'parked', place: 'stored', missing: [] });
  });

  it.each([
    [
      'user',
      { user: 'user 2' },
      'payload.user.id must stay user 1, as in the version that came first, got user 2',
    ],
    [
      'restaurant',
      { restaurant: 'restaurant 2' },
      'payload.restaurant.id must stay restaurant 1, as in the version that came first, got restaurant 2',
    ],
  ])('refuses a version of another %s', (_, owner, message) => {
    const refused = { kind: 'refused', reason: 'order_owner_changed', message };
    for (const [versions, order] of [
      [[enriched('1'), enriched('2', 'complete', owner)], undefined],
      [[enriched('1'), enriched('2', 'complete', owner)], known('0')],
    ] as const) {
      const [first, second] = decideVersions([...versions], order);
      expect(fate(first!)).toBe('stored newest');
      expect(second).toMatchObject({ kind: 'refused', refused });
    }
  });

  it('does not stage what is too large, unless it was sent on before', () => {
    expect(fates([enriched('1', 'too_large')])).toEqual(['message_too_large']);
    expect(fates([enriched('1', 'too_large'), enriched('3', 'too_large')], known('2'))).toEqual([
      'message_too_large',
      'message_too_large',
    ]);
    expect(fates([enriched('2', 'too_large')], known('2', { 2: null }))).toEqual(['message_too_large']);
    expect(fates([enriched('2', 'too_large')], known('2'))).toEqual(['stored stored']);
  });

  it('does not let a version that is not staged decide who the owner is', () => {
    expect(fates([enriched('1', 'too_large', { user: 'user 2' }), enriched('2')])).toEqual([
      'message_too_large',
      'stored newest',
    ]);
  });

  it('stores every version once, one of them as the newest, whatever the order of arrival and the batches', () => {
    const arrivals = fc.shuffledSubarray(['1', '2', '3', '4', '5'], { minLength: 1 });
    fc.assert(
      fc.property(arrivals, fc.nat(5), (all, cut) => {
        let order: KnownOrder | undefined;
        for (const batch of [all.slice(0, cut), all.slice(cut)].filter(({ length }) => length > 0)) {
          const staged = decideVersions(
            batch.map((version) => enriched(version)),
            order,
          );
          const newest = staged.filter((one) => one.kind === 'stored' && one.place === 'newest');
          const stored = new Set([...(order?.stored.map((one) => one.version) ?? []), ...batch]);
          const version = [...stored].sort().at(-1)!;
          expect(newest.map(({ received }) => received.version)).toEqual(
            version === order?.version ? [] : [version],
          );
          order = known(version, Object.fromEntries([...stored].map((one) => [one, used])));
        }
      }),
    );
  });
});
