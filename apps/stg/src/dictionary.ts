import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { hashKey } from '@app/data-vault/hash-key';
import type { SourceOrder } from '@app/contracts/source-order.contract';
import {
  readEntry,
  type DictionaryEntry,
  type Dish,
  type EntryKind,
  type RestaurantEntry,
  type UserEntry,
} from './dictionary-entry';
import type { DatedEntry, DictionaryAnswers, UsedEntries } from './enrich-order';
import { entriesByPk, recallEntries, storedEntry, type EntryRow } from './recall-entries';
import { RedisDictionary } from './redis.dictionary';

const CACHE_BYTES = 16 * 1024 * 1024;

interface Key {
  kind: EntryKind;
  id: string;
}

/** A usable entry that Redis has now. */
export interface PresentEntry extends Key, DatedEntry<DictionaryEntry> {
  /** As received. */
  value: Buffer;
  /** Known to be in stg.dictionary_entries. */
  isStored: boolean;
}

/** The last value of a key: an unusable one is remembered too, so that it is reported once. */
interface Seen {
  value: Buffer;
  present?: PresentEntry;
}

/** What is known now; and which of it may have to be stored when it is used. */
export interface LookedUp extends DictionaryAnswers {
  unstored: PresentEntry[];
}

/** Stands for the time of an entry that tells none, until it is stored: as long as any, and never sent. */
const UNDATED = '9999-12-31 23:59:59.999999';

/**
 * Names of users, restaurants and dishes: what Redis has now, and behind it every entry that was ever used, which Redis does not
 * keep. Whoever uses an entry stores it, in the transaction that stores what it was used for.
 */
@Injectable()
export class Dictionary {
  private readonly logger = new Logger(Dictionary.name);
  private readonly seen = new LRUCache<string, Seen>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ value }) => value.length + 1,
  });

  constructor(
    private readonly redis: RedisDictionary,
    private readonly warehouse: Warehouse,
  ) {
    warehouse.onOtherDatabase(() => this.forget());
  }

  /** What is known now about the users, restaurants and dishes of the orders. */
  async lookUp(orders: SourceOrder[]): Promise<LookedUp> {
    const keys = keysOf(orders);
    const values = await this.redis.values(keys.map(({ id }) => id));
    const present = keys.flatMap((key, place) => this.see(key, values[place] ?? null) ?? []);
    await this.readDates(present.filter(({ isStored, entry }) => !isStored && entry.time === null));
    const entries = new Map<string, DatedEntry<DictionaryEntry>>(
      present.map((entry) => [nameOf(entry), entry]),
    );
    const absent = keys.filter((key) => !entries.has(nameOf(key)));
    if (absent.length > 0) {
      const newest = await this.warehouse.read((client) => newestStored(client, absent));
      newest.forEach((entry, name) => entries.set(name, entry));
    }
    const gone = dishesNotInMenu(orders, entries);
    const earlier =
      gone.size > 0
        ? await this.warehouse.read((client) => earlierDishes(client, gone))
        : new Map<string, never>();
    return {
      unstored: present.filter(({ isStored }) => !isStored),
      user: (id) => entries.get(nameOf({ kind: 'user', id })) as DatedEntry<UserEntry> | undefined,
      restaurant: (id) =>
        entries.get(nameOf({ kind: 'restaurant', id })) as DatedEntry<RestaurantEntry> | undefined,
      earlierDish: (restaurantId, dishId) => earlier.get(JSON.stringify([restaurantId, dishId])),
    };
  }

  /** The entries that order versions were enriched with before, whatever Redis says by now: one answer a list of used entries. */
  async recall(used: UsedEntries[]): Promise<DictionaryAnswers[]> {
    return this.warehouse.read((client) => recallEntries(client, used));
  }

  /** They were stored, and COMMIT was answered. */
  areStored(entries: PresentEntry[]): void {
    for (const entry of entries) {
      entry.isStored = entry.entry.time !== null;
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.seen.clear();
  }

  /** Reads a value unless it is the one that was read last time. An unusable one is as good as none, and is reported. */
  private see(key: Key, value: Buffer | null): PresentEntry | undefined {
    if (value === null) {
      return undefined;
    }
    const before = this.seen.get(nameOf(key));
    if (before?.value.equals(value)) {
      return before.present;
    }
    const seen: Seen = { value };
    try {
      const entry = readEntry(key.kind, value);
      const entryPk = hashKey('dictionary_entry', key.kind, key.id, value.toString('utf8'));
      seen.present = { ...key, entryPk, validFrom: entry.time ?? UNDATED, entry, value, isStored: false };
    } catch {
      // The reason may quote the entry, which names a person.
      this.logger.warn({ msg: 'unusable dictionary entry', ...key });
    }
    this.seen.set(nameOf(key), seen);
    return seen.present;
  }

  /** An entry that tells no time was given one when it was first stored, and keeps it. */
  private async readDates(untimed: PresentEntry[]): Promise<void> {
    if (untimed.length === 0) {
      return;
    }
    const stored = await this.warehouse.read((client) =>
      entriesByPk(
        client,
        untimed.map(({ entryPk }) => entryPk),
      ),
    );
    for (const entry of untimed) {
      const validFrom = stored.get(entry.entryPk)?.validFrom;
      entry.isStored = validFrom !== undefined;
      entry.validFrom = validFrom ?? UNDATED;
    }
  }
}

function nameOf({ kind, id }: Key): string {
  return `${kind} ${id}`;
}

function keysOf(orders: SourceOrder[]): Key[] {
  const users = new Set(orders.map(({ payload }) => payload.user.id));
  const restaurants = new Set(orders.map(({ payload }) => payload.restaurant.id));
  return [
    ...Array.from(users, (id): Key => ({ kind: 'user', id })),
    ...Array.from(restaurants, (id): Key => ({ kind: 'restaurant', id })),
  ];
}

function dishesNotInMenu(
  orders: SourceOrder[],
  entries: Map<string, DatedEntry<DictionaryEntry>>,
): Map<string, Set<string>> {
  const gone = new Map<string, Set<string>>();
  for (const { payload } of orders) {
    const { id } = payload.restaurant;
    const restaurant = entries.get(nameOf({ kind: 'restaurant', id })) as
      DatedEntry<RestaurantEntry> | undefined;
    for (const item of restaurant ? payload.order_items : []) {
      if (!restaurant!.entry.menu.has(item.id)) {
        gone.set(id, (gone.get(id) ?? new Set()).add(item.id));
      }
    }
  }
  return gone;
}

/** For keys that Redis does not have, or not in a usable form: the newest entry by dictionary time. */
async function newestStored(client: Client, keys: Key[]): Promise<Map<string, DatedEntry<DictionaryEntry>>> {
  const { rows } = await client.query<EntryRow>({
    name: 'newest_entries',
    text: /* sql */ `
      SELECT DISTINCT ON (entry_kind, entry_key) entry_pk, entry_kind, entry_key, valid_from, entry
      FROM stg.dictionary_entries
      JOIN unnest($1::text[], $2::text[]) AS wanted (entry_kind, entry_key) USING (entry_kind, entry_key)
      ORDER BY entry_kind, entry_key, valid_from DESC, entry_pk DESC`,
    values: [keys.map(({ kind }) => kind), keys.map(({ id }) => id)],
  });
  return new Map(rows.map((row) => [nameOf({ kind: row.entry_kind, id: row.entry_key }), storedEntry(row)]));
}

/** For dishes that the present menu lacks: the newest stored menu of the restaurant that had it. Keys are [restaurant, dish]. */
async function earlierDishes(
  client: Client,
  gone: Map<string, Set<string>>,
): Promise<Map<string, DatedEntry<Dish>>> {
  const wanted = [...gone].flatMap(([restaurantId, dishIds]) =>
    Array.from(dishIds, (dishId) => ({ restaurantId, dishId })),
  );
  const { rows } = await client.query<{
    restaurant_id: string;
    dish_id: string;
    entry_pk: string;
    valid_from: string;
    name: string;
    category: string;
  }>({
    name: 'earlier_dishes',
    text: /* sql */ `
      SELECT DISTINCT ON (restaurant_id, dish_id)
        restaurant_id, dish_id, entry_pk, valid_from, dish ->> 'name' AS name, dish ->> 'category' AS category
      FROM unnest($1::text[], $2::text[]) AS wanted (restaurant_id, dish_id)
      JOIN stg.dictionary_entries ON entry_kind = 'restaurant' AND entry_key = restaurant_id
      CROSS JOIN LATERAL json_array_elements(entry -> 'menu') WITH ORDINALITY AS menu (dish, place)
      WHERE json_typeof(dish -> '_id') = 'string' AND dish ->> '_id' = dish_id
        AND json_typeof(dish -> 'name') = 'string' AND dish ->> 'name' <> ''
        AND json_typeof(dish -> 'category') = 'string' AND dish ->> 'category' <> ''
      ORDER BY restaurant_id, dish_id, valid_from DESC, entry_pk DESC, place`,
    values: [wanted.map(({ restaurantId }) => restaurantId), wanted.map(({ dishId }) => dishId)],
  });
  return new Map(
    rows.map((row) => [
      JSON.stringify([row.restaurant_id, row.dish_id]),
      { entryPk: row.entry_pk, validFrom: row.valid_from, entry: { name: row.name, category: row.category } },
    ]),
  );
}
