import { readEntry, type Dish, type EntryContent, type EntryKind } from './dictionary-entry';
import { hashKey } from './hash-key';
import type { FirstSeen, PlacedMessage, Step } from './history';
import { judge, type Order } from './source-message';
import { stagedOrder } from './output-messages';

/** What a message of `stg-service-orders` may take, as `npm run topics` creates the topic. */
const OUTPUT_LIMIT = 4 * 1024 * 1024;

export interface StoredEntry {
  pk: string;
  kind: EntryKind;
  key: string;
  text: string;
  content: EntryContent;
  /** As PostgreSQL sorts it, with six fraction digits. */
  validFrom: string;
  timed: boolean;
}

/** What an order version was enriched with. */
export interface Enrichment {
  user: StoredEntry;
  restaurant: StoredEntry;
  /** For each line of the order. */
  dishes: { entry: StoredEntry; dish: Dish }[];
}

export interface Version {
  order: Order;
  /** Where it came, the first place first. */
  messages: PlacedMessage[];
  enrichment?: Enrichment;
  /** What it waits for, while it does; each once. */
  missing: { kind: string; id: string; restaurant_id?: string }[];
  /** When everything was found, it turned out to be too large for the next topic: stored, but not enriched. */
  tooLarge: boolean;
}

export interface Staging {
  entries: StoredEntry[];
  /** All versions that are stored, by order and version. */
  versions: Map<string, Version>;
  skipped: { message: PlacedMessage; objectType: string | null }[];
  deadLetters: { message: PlacedMessage; reason: string }[];
}

/** What staging holds when all steps are over, in the plainest way: one message after the other. */
export function stage(steps: Step[], firstSeen: FirstSeen): Staging {
  const staging: Staging = { entries: [], versions: new Map(), skipped: [], deadLetters: [] };
  const dictionary = new Map<string, string>();
  const firstVersions = new Map<string, Order>();
  const entriesByKey = new Map<string, StoredEntry[]>();
  for (const step of steps) {
    for (const [key, text] of Object.entries(step.dictionary)) {
      if (text === null) {
        dictionary.delete(key);
      } else {
        dictionary.set(key, text);
      }
    }
    for (const message of step.messages) {
      receive(message);
    }
    for (const version of staging.versions.values()) {
      if (!version.enrichment && !version.tooLarge) {
        tryAgain(version);
      }
    }
  }
  return staging;

  function receive(message: PlacedMessage): void {
    const judgement = judge(message.value);
    if (judgement.kind === 'refused') {
      staging.deadLetters.push({ message, reason: judgement.reason });
    } else if (judgement.kind === 'skipped') {
      staging.skipped.push({ message, objectType: judgement.objectType });
    } else {
      receiveOrder(message, judgement.order);
    }
  }

  function receiveOrder(message: PlacedMessage, order: Order): void {
    const { enrichment, missing } = enrich(order);
    const stored = staging.versions.get(`${order.orderId} ${order.version}`);
    if (stored) {
      stored.messages.push(message);
      if (stored.tooLarge) {
        staging.deadLetters.push({ message, reason: 'message_too_large' });
      }
      return;
    }
    if (enrichment && isTooLarge(order, enrichment)) {
      staging.deadLetters.push({ message, reason: 'message_too_large' });
      return;
    }
    const first = firstVersions.get(order.orderId) ?? order;
    if (first.userId !== order.userId || first.restaurantId !== order.restaurantId) {
      staging.deadLetters.push({ message, reason: 'order_owner_changed' });
      return;
    }
    firstVersions.set(order.orderId, first);
    keepEntries(enrichment);
    staging.versions.set(`${order.orderId} ${order.version}`, {
      order,
      messages: [message],
      enrichment,
      missing,
      tooLarge: false,
    });
  }

  function tryAgain(version: Version): void {
    const { enrichment, missing } = enrich(version.order);
    version.missing = missing;
    if (!enrichment || !isTooLarge(version.order, enrichment)) {
      keepEntries(enrichment);
      version.enrichment = enrichment;
    } else {
      version.tooLarge = true;
      staging.deadLetters.push({ message: version.messages[0]!, reason: 'message_too_large' });
    }
  }

  function enrich(order: Order): Pick<Version, 'enrichment' | 'missing'> {
    const user = find('user', order.userId);
    const restaurant = find('restaurant', order.restaurantId);
    const dishes = restaurant ? order.lines.map(({ id }) => findDish(restaurant, id) ?? { missing: id }) : [];
    const missing = [
      ...(user ? [] : [{ kind: 'user', id: order.userId }]),
      ...(restaurant ? [] : [{ kind: 'restaurant', id: order.restaurantId }]),
      ...dishes
        .flatMap((dish) => ('missing' in dish ? [dish.missing] : []))
        .filter((id, place, all) => all.indexOf(id) === place)
        .map((id) => ({ kind: 'dish', id, restaurant_id: order.restaurantId })),
    ];
    return user && restaurant && missing.length === 0
      ? { missing, enrichment: { user, restaurant, dishes: dishes.filter((dish) => 'dish' in dish) } }
      : { missing };
  }

  /** An entry is stored when a version is enriched with it, not when it is only met. */
  function keepEntries(enrichment: Enrichment | undefined): void {
    for (const entry of enrichment ? [enrichment.user, enrichment.restaurant] : []) {
      const known = entriesOf(entry.kind, entry.key);
      if (!known.some(({ pk }) => pk === entry.pk)) {
        staging.entries.push(entry);
        entriesByKey.set(`${entry.kind} ${entry.key}`, [...known, entry]);
      }
    }
  }

  /** The entry that the dictionary has now; else the newest stored one. */
  function find(kind: EntryKind, key: string): StoredEntry | undefined {
    const text = dictionary.get(key);
    const stored = entriesOf(kind, key).find((entry) => entry.text === text);
    if (stored) {
      return stored;
    }
    const content = text === undefined ? undefined : readEntry(kind, text);
    if (!content) {
      return newest(entriesOf(kind, key));
    }
    const pk = hashKey('dictionary_entry', kind, key, text!);
    const timed = content.time !== undefined;
    const isFirst = !entriesOf(kind, key).some((entry) => !entry.timed);
    const validFrom = content.time ?? (isFirst ? '1970-01-01 00:00:00.000000' : firstSeen(pk));
    return { pk, kind, key, text: text!, content, validFrom, timed };
  }

  function findDish(restaurant: StoredEntry, id: string): { entry: StoredEntry; dish: Dish } | undefined {
    const had = entriesOf('restaurant', restaurant.key).filter(({ content }) => content.menu.has(id));
    const entry = restaurant.content.menu.has(id) ? restaurant : newest(had);
    return entry && { entry, dish: entry.content.menu.get(id)! };
  }

  function entriesOf(kind: EntryKind, key: string): StoredEntry[] {
    return entriesByKey.get(`${kind} ${key}`) ?? [];
  }
}

function newest(entries: StoredEntry[]): StoredEntry | undefined {
  return entries.toSorted((a, b) => compare(a.validFrom, b.validFrom) || compare(a.pk, b.pk)).at(-1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * @throws where it is too close to the limit to be told from here, since no rule says how many bytes the output has
 * exactly
 */
function isTooLarge(order: Order, enrichment: Enrichment): boolean {
  const bytes = Buffer.byteLength(stagedOrder(order, enrichment));
  if (Math.abs(bytes - OUTPUT_LIMIT) < 0.02 * OUTPUT_LIMIT) {
    throw new Error(
      `order ${order.orderId} has about ${bytes} bytes: take one that is clearly above or below ${OUTPUT_LIMIT}`,
    );
  }
  return bytes > OUTPUT_LIMIT;
}
