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
  const staging = new StagingArea(new Dictionary(firstSeen));
  for (const step of steps) {
    staging.take(step);
  }
  return staging;
}

class StagingArea implements Staging {
  readonly versions = new Map<string, Version>();
  readonly skipped: Staging['skipped'] = [];
  readonly deadLetters: Staging['deadLetters'] = [];
  private readonly firstVersions = new Map<string, Order>();

  constructor(private readonly dictionary: Dictionary) {}

  get entries(): StoredEntry[] {
    return this.dictionary.stored;
  }

  take(step: Step): void {
    this.dictionary.change(step.dictionary);
    for (const message of step.messages) {
      this.receive(message);
    }
    for (const version of this.versions.values()) {
      if (!version.enrichment && !version.tooLarge) {
        this.tryAgain(version);
      }
    }
  }

  private receive(message: PlacedMessage): void {
    const judgement = judge(message.value);
    if (judgement.kind === 'refused') {
      this.deadLetters.push({ message, reason: judgement.reason });
    } else if (judgement.kind === 'skipped') {
      this.skipped.push({ message, objectType: judgement.objectType });
    } else {
      this.receiveOrder(message, judgement.order);
    }
  }

  private receiveOrder(message: PlacedMessage, order: Order): void {
    const { enrichment, missing } = enrich(order, this.dictionary);
    const stored = this.versions.get(`${order.orderId} ${order.version}`);
    if (stored) {
      stored.messages.push(message);
      if (stored.tooLarge) {
        this.deadLetters.push({ message, reason: 'message_too_large' });
      }
      return;
    }
    if (enrichment && isTooLarge(order, enrichment)) {
      this.deadLetters.push({ message, reason: 'message_too_large' });
      return;
    }
    const first = this.firstVersions.get(order.orderId) ?? order;
    if (first.userId !== order.userId || first.restaurantId !== order.restaurantId) {
      this.deadLetters.push({ message, reason: 'order_owner_changed' });
      return;
    }
    this.firstVersions.set(order.orderId, first);
    this.dictionary.keep(enrichment);
    this.versions.set(`${order.orderId} ${order.version}`, {
      order,
      messages: [message],
      enrichment,
      missing,
      tooLarge: false,
    });
  }

  private tryAgain(version: Version): void {
    const { enrichment, missing } = enrich(version.order, this.dictionary);
    version.missing = missing;
    if (!enrichment || !isTooLarge(version.order, enrichment)) {
      this.dictionary.keep(enrichment);
      version.enrichment = enrichment;
    } else {
      version.tooLarge = true;
      this.deadLetters.push({ message: version.messages[0]!, reason: 'message_too_large' });
    }
  }
}

function enrich(order: Order, dictionary: Dictionary): Pick<Version, 'enrichment' | 'missing'> {
  const user = dictionary.find('user', order.userId);
  const restaurant = dictionary.find('restaurant', order.restaurantId);
  const dishes = restaurant
    ? order.lines.map(({ id }) => dictionary.findDish(restaurant, id) ?? { missing: id })
    : [];
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

/** The dictionary as it is now, and those of its entries that are stored. */
class Dictionary {
  readonly stored: StoredEntry[] = [];
  private readonly storedByKey = new Map<string, StoredEntry[]>();
  private readonly texts = new Map<string, string>();

  constructor(private readonly firstSeen: FirstSeen) {}

  change(changes: Step['dictionary']): void {
    for (const [key, text] of Object.entries(changes)) {
      if (text === null) {
        this.texts.delete(key);
      } else {
        this.texts.set(key, text);
      }
    }
  }

  /** The entry that the dictionary has now; else the newest stored one. */
  find(kind: EntryKind, key: string): StoredEntry | undefined {
    const text = this.texts.get(key);
    const earlier = this.storedOf(kind, key);
    const known = earlier.find((entry) => entry.text === text);
    if (known) {
      return known;
    }
    const content = text === undefined ? undefined : readEntry(kind, text);
    if (!content) {
      return newest(earlier);
    }
    const pk = hashKey('dictionary_entry', kind, key, text!);
    const timed = content.time !== undefined;
    const isFirst = !earlier.some((entry) => !entry.timed);
    const validFrom = content.time ?? (isFirst ? '1970-01-01 00:00:00.000000' : this.firstSeen(pk));
    return { pk, kind, key, text: text!, content, validFrom, timed };
  }

  findDish(restaurant: StoredEntry, id: string): { entry: StoredEntry; dish: Dish } | undefined {
    const had = this.storedOf('restaurant', restaurant.key).filter(({ content }) => content.menu.has(id));
    const entry = restaurant.content.menu.has(id) ? restaurant : newest(had);
    return entry && { entry, dish: entry.content.menu.get(id)! };
  }

  /** An entry is stored when a version is enriched with it, not when it is only met. */
  keep(enrichment: Enrichment | undefined): void {
    for (const entry of enrichment ? [enrichment.user, enrichment.restaurant] : []) {
      const known = this.storedOf(entry.kind, entry.key);
      if (!known.some(({ pk }) => pk === entry.pk)) {
        this.stored.push(entry);
        this.storedByKey.set(`${entry.kind} ${entry.key}`, [...known, entry]);
      }
    }
  }

  private storedOf(kind: EntryKind, key: string): StoredEntry[] {
    return this.storedByKey.get(`${kind} ${key}`) ?? [];
  }
}

function newest(entries: StoredEntry[]): StoredEntry | undefined {
  return entries.toSorted((a, b) => compare(a.validFrom, b.validFrom) || compare(a.pk, b.pk)).at(-1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * @throws where it is too close to the limit to be decided from here, since no rule says how many bytes the output has
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
