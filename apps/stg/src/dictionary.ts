import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
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
import type { DictionaryAnswers, StoredEntry, UsedEntries } from './enrich-order';
import { RedisDictionary } from './redis.dictionary';

const CACHE_BYTES = 16 * 1024 * 1024;

interface Key {
  kind: EntryKind;
  id: string;
}

/** An entry that Redis has now: unusable ones are remembered too, so that each is reported once. */
interface Seen {
  value: Buffer;
  entry?: DictionaryEntry;
  stored?: StoredEntry<DictionaryEntry>;
}

/**
 * Names of users, restaurants and dishes: what Redis has now, and behind it every entry that was ever used, which Redis does not
 * keep. An entry is stored before it is used.
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
  ) {}

  /** What is known now about the users, restaurants and dishes of the orders. */
  async lookUp(orders: SourceOrder[]): Promise<DictionaryAnswers> {
    const keys = keysOf(orders);
    const values = await this.redis.values(keys.map(({ id }) => id));
    const seen = keys.map((key, place) => this.see(key, values[place] ?? null));
    const entries = new Map<string, StoredEntry<DictionaryEntry>>();
    const fresh = keys.flatMap((key, place) =>
      seen[place]?.entry && !seen[place].stored ? { key, seen: seen[place] } : [],
    );
    if (fresh.length > 0) {
      await this.warehouse.withClient((client) => store(client, fresh));
    }
    keys.forEach((key, place) => {
      const stored = seen[place]?.stored;
      if (stored) {
        entries.set(nameOf(key), stored);
      }
    });
    const absent = keys.filter((key) => !entries.has(nameOf(key)));
    if (absent.length > 0) {
      const newest = await this.warehouse.withClient((client) => newestStored(client, absent));
      newest.forEach((entry, name) => entries.set(name, entry));
    }
    const gone = dishesNotInMenu(orders, entries);
    const earlier =
      gone.size > 0
        ? await this.warehouse.withClient((client) => earlierDishes(client, gone))
        : new Map<string, never>();
    return {
      user: (id) => entries.get(nameOf({ kind: 'user', id })) as StoredEntry<UserEntry> | undefined,
      restaurant: (id) =>
        entries.get(nameOf({ kind: 'restaurant', id })) as StoredEntry<RestaurantEntry> | undefined,
      earlierDish: (restaurantId, dishId) => earlier.get(JSON.stringify([restaurantId, dishId])),
    };
  }

  /** The entries that order versions were enriched with before, whatever Redis says by now: one answer a list of used entries. */
  async recall(used: UsedEntries[]): Promise<DictionaryAnswers[]> {
    const pks = new Set(
      used.flatMap(({ userEntryPk, restaurantEntryPk, earlierMenus }) => [
        userEntryPk,
        restaurantEntryPk,
        ...Object.values(earlierMenus ?? {}),
      ]),
    );
    const entries = await this.warehouse.withClient((client) => entriesByPk(client, [...pks]));
    return used.map(({ userEntryPk, restaurantEntryPk, earlierMenus }) => ({
      user: () => entries.get(userEntryPk) as StoredEntry<UserEntry> | undefined,
      restaurant: () => entries.get(restaurantEntryPk) as StoredEntry<RestaurantEntry> | undefined,
      earlierDish: (_, dishId) => {
        const menu = entries.get(earlierMenus?.[dishId] ?? '') as StoredEntry<RestaurantEntry> | undefined;
        const dish = menu?.entry.menu.get(dishId);
        return menu && dish && { entryPk: menu.entryPk, validFrom: menu.validFrom, entry: dish };
      },
    }));
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.seen.clear();
  }

  /** Reads a value unless it is the one that was read last time. An unusable one is as good as none, and is reported. */
  private see(key: Key, value: Buffer | null): Seen | undefined {
    if (value === null) {
      return undefined;
    }
    const before = this.seen.get(nameOf(key));
    if (before?.value.equals(value)) {
      return before;
    }
    const seen: Seen = { value };
    try {
      seen.entry = readEntry(key.kind, value);
    } catch {
      // The reason may quote the entry, which names a person.
      this.logger.warn({ msg: 'unusable dictionary entry', ...key });
    }
    this.seen.set(nameOf(key), seen);
    return seen;
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
  entries: Map<string, StoredEntry<DictionaryEntry>>,
): Map<string, Set<string>> {
  const gone = new Map<string, Set<string>>();
  for (const { payload } of orders) {
    const { id } = payload.restaurant;
    const restaurant = entries.get(nameOf({ kind: 'restaurant', id })) as
      StoredEntry<RestaurantEntry> | undefined;
    for (const item of restaurant ? payload.order_items : []) {
      if (!restaurant!.entry.menu.has(item.id)) {
        gone.set(id, (gone.get(id) ?? new Set()).add(item.id));
      }
    }
  }
  return gone;
}

/**
 * Stores entries that were not stored before. One without a time is dated 1970-01-01 if it is the first of its key without one, and
 * with the present moment otherwise; it keeps that time for ever, hence the reading back.
 */
async function store(client: Client, fresh: { key: Key; seen: Seen }[]): Promise<void> {
  const timed = new Rows();
  const untimed = new Rows();
  const byPk = new Map<string, Seen>();
  for (const { key, seen } of fresh) {
    const text = seen.value.toString('utf8');
    const pk = hashKey('dictionary_entry', key.kind, key.id, text);
    byPk.set(pk, seen);
    if (seen.entry!.time === null) {
      untimed.add(pk, pk, key.kind, key.id, text);
    } else {
      timed.add(pk, pk, key.kind, key.id, text, seen.entry!.time);
    }
  }
  await bulkInsert(client, insertTimed, timed);
  await bulkInsert(client, insertFirstUntimed, untimed);
  await bulkInsert(client, insertLaterUntimed, untimed);
  const { rows } = await client.query<{ entry_pk: string; valid_from: string }>(
    'SELECT entry_pk, valid_from FROM stg.dictionary_entries WHERE entry_pk = ANY ($1::uuid[])',
    [[...byPk.keys()]],
  );
  for (const { entry_pk: entryPk, valid_from: validFrom } of rows) {
    const seen = byPk.get(entryPk)!;
    seen.stored = { entryPk, validFrom, entry: seen.entry! };
  }
}

const insertTimed = {
  name: 'insert_timed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry, valid_from, true
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::timestamp[])
      AS seen (entry_pk, entry_kind, entry_key, entry, valid_from)
    ON CONFLICT DO NOTHING`,
};

const insertFirstUntimed = {
  name: 'insert_first_untimed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry, '1970-01-01', false
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) AS seen (entry_pk, entry_kind, entry_key, entry)
    ON CONFLICT DO NOTHING`,
};

const insertLaterUntimed = {
  name: 'insert_later_untimed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry, now() AT TIME ZONE 'UTC', false
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) AS seen (entry_pk, entry_kind, entry_key, entry)
    ON CONFLICT DO NOTHING`,
};

interface EntryRow {
  entry_pk: string;
  entry_kind: EntryKind;
  entry_key: string;
  valid_from: string;
  entry: string;
}

function storedEntry(row: EntryRow): StoredEntry<DictionaryEntry> {
  return {
    entryPk: row.entry_pk,
    validFrom: row.valid_from,
    entry: readEntry(row.entry_kind, Buffer.from(row.entry)),
  };
}

/** For keys that Redis does not have, or not in a usable form: the newest entry by dictionary time. */
async function newestStored(client: Client, keys: Key[]): Promise<Map<string, StoredEntry<DictionaryEntry>>> {
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
): Promise<Map<string, StoredEntry<Dish>>> {
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

async function entriesByPk(
  client: Client,
  pks: string[],
): Promise<Map<string, StoredEntry<DictionaryEntry>>> {
  const { rows } = await client.query<EntryRow>({
    name: 'entries_by_pk',
    text: /* sql */ `
      SELECT entry_pk, entry_kind, entry_key, valid_from, entry
      FROM stg.dictionary_entries WHERE entry_pk = ANY ($1::uuid[])`,
    values: [pks],
  });
  return new Map(rows.map((row) => [row.entry_pk, storedEntry(row)]));
}
