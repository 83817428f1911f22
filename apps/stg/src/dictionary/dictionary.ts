import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { hashKey } from '@app/data-vault/hash-key';
import { columns } from '@app/warehouse/columns';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import type { SourceOrder } from '@app/contracts/source-order.contract';
import {
  readEntry,
  type DictionaryEntry,
  type EntryKind,
  type Product,
  type RestaurantEntry,
  type UserEntry,
} from './dictionary-entry';
import type { DatedEntry, DictionaryAnswers, UsedEntries } from './enrich-order';
import { entriesByPk, recallEntries, storedEntry, type EntryRow } from './recall-entries';
import { RedisDictionary } from './redis-dictionary';

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

/** By kind and id: to put the two into one text would make a new text for each look. */
type EntriesByKind = Record<EntryKind, Map<string, DatedEntry<DictionaryEntry>>>;

/** The last value of a key: an unusable one is remembered too, so that it is reported once. */
interface Seen {
  value: Buffer;
  present?: PresentEntry;
}

/** What is known now; and which of it has to be stored where it is used. */
export interface LookedUp extends DictionaryAnswers {
  unstored: PresentEntry[];
}

/** Stands for the time of an entry that has none, until it is stored: as long as any, and never sent. */
export const UNDATED = '9999-12-31 23:59:59.999999';

/**
 * Names of users, restaurants and products: what Redis has now, and behind it every entry that was ever used, which
 * Redis does not keep. An entry is stored in the transaction that stores what it was used for.
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

  /** What is known now about the users, restaurants and products of the orders. */
  async lookUp(orders: SourceOrder[]): Promise<LookedUp> {
    const keys = keysOf(orders);
    const values = await this.redis.values(keys.map(({ id }) => id));
    const present = await this.dated(
      keys.flatMap((key, place) => this.see(key, values[place] ?? null) ?? []),
    );
    const entries: EntriesByKind = { user: new Map(), restaurant: new Map() };
    present.forEach((entry) => entries[entry.kind].set(entry.id, entry));
    const absent = keys.filter(({ kind, id }) => !entries[kind].has(id));
    if (absent.length > 0) {
      const newest = await this.warehouse.read((client) => newestStored(client, absent));
      newest.forEach(({ kind, id, ...entry }) => entries[kind].set(id, entry));
    }
    const restaurant = (id: string) => entries.restaurant.get(id) as DatedEntry<RestaurantEntry> | undefined;
    const gone = notInMenu(orders, restaurant);
    const earlier =
      gone.length > 0
        ? await this.warehouse.read((client) => earlierProducts(client, gone))
        : new Map<string, never>();
    return {
      unstored: present.filter(({ isStored }) => !isStored),
      user: (id) => entries.user.get(id) as DatedEntry<UserEntry> | undefined,
      restaurant,
      earlierProduct: (restaurantId, productId) => earlier.get(JSON.stringify([restaurantId, productId])),
    };
  }

  /**
   * The entries that order versions were enriched with before, whatever Redis says by now: one answer a list of used
   * entries.
   */
  async recall(used: UsedEntries[]): Promise<DictionaryAnswers[]> {
    return this.warehouse.read((client) => recallEntries(client, used));
  }

  /** They were stored, and COMMIT was answered. The time of one that has none has to be read first. */
  areStored(entries: PresentEntry[]): void {
    for (const entry of entries) {
      if (entry.entry.time !== null) {
        this.noteStored(entry, entry.validFrom);
      }
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.seen.clear();
  }

  /**
   * Reads a value unless it is the one that was read last time. An unusable one is as good as none, and is reported.
   */
  private see(key: Key, value: Buffer | null): PresentEntry | undefined {
    if (value === null) {
      return undefined;
    }
    const before = this.seen.get(nameOf(key));
    if (before?.value.equals(value)) {
      return before.present;
    }
    const seen = { value, present: this.read(key, value) };
    this.seen.set(nameOf(key), seen);
    return seen.present;
  }

  private read(key: Key, value: Buffer): PresentEntry | undefined {
    try {
      const entry = readEntry(key.kind, value);
      const entryPk = hashKey('dictionary_entry', key.kind, key.id, value.toString('utf8'));
      return { ...key, entryPk, validFrom: entry.time ?? UNDATED, entry, value, isStored: false };
    } catch {
      // The reason may quote the entry, which names a person.
      this.logger.warn({ msg: 'unusable dictionary entry', ...key });
      return undefined;
    }
  }

  /** An entry without a time was given one when it was first stored, and keeps it. */
  private async dated(present: PresentEntry[]): Promise<PresentEntry[]> {
    const undated = present.filter(({ validFrom }) => validFrom === UNDATED).map(({ entryPk }) => entryPk);
    if (undated.length === 0) {
      return present;
    }
    const stored = await this.warehouse.read((client) => entriesByPk(client, undated));
    return present.map((entry) => {
      const validFrom = stored.get(entry.entryPk)?.validFrom;
      return validFrom === undefined ? entry : this.noteStored(entry, validFrom);
    });
  }

  /** Remembers that an entry is stored, unless all was forgotten meanwhile. */
  private noteStored(entry: PresentEntry, validFrom: string): PresentEntry {
    const stored = { ...entry, validFrom, isStored: true };
    if (this.seen.get(nameOf(entry))?.present === entry) {
      this.seen.set(nameOf(entry), { value: entry.value, present: stored });
    }
    return stored;
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

interface OfMenu {
  restaurantId: string;
  productId: string;
}

/** The products of the orders that the present menus lack. */
function notInMenu(orders: SourceOrder[], restaurant: DictionaryAnswers['restaurant']): OfMenu[] {
  const gone: OfMenu[] = [];
  for (const { payload } of orders) {
    const restaurantId = payload.restaurant.id;
    const menu = restaurant(restaurantId)?.entry.menu;
    for (const { id } of payload.order_items) {
      if (menu && !menu.has(id)) {
        gone.push({ restaurantId, productId: id });
      }
    }
  }
  return gone;
}

const wantedEntries = columns({ entry_kind: 'text', entry_key: 'text' });

/** For keys that Redis does not have, or not in a usable form: the newest entry by dictionary time. */
async function newestStored(client: Client, keys: Key[]): Promise<(Key & DatedEntry<DictionaryEntry>)[]> {
  const rows = await wantedEntries.run<EntryRow>(
    client,
    newestEntries,
    keys.map(({ kind, id }) => ({ entry_kind: kind, entry_key: id })),
  );
  return rows.map((row) => ({ kind: row.entry_kind, id: row.entry_key, ...storedEntry(row) }));
}

const newestEntries = {
  name: 'newest_entries',
  text: /* sql */ `
    SELECT DISTINCT ON (entry_kind, entry_key) entry_pk, entry_kind, entry_key, valid_from, entry
    FROM stg.dictionary_entries JOIN ${wantedEntries.unnest('wanted')} USING (entry_kind, entry_key)
    ORDER BY entry_kind, entry_key, valid_from DESC, entry_pk DESC`,
};

const wantedProducts = columns({ restaurant_id: 'text', product_id: 'text' }, 'restaurant_id', 'product_id');

/** Of each the newest stored menu of the restaurant that had it. Keys are [restaurant, product]. */
async function earlierProducts(client: Client, gone: OfMenu[]): Promise<Map<string, DatedEntry<Product>>> {
  const rows = await wantedProducts.run<OfMenu & DatedEntry<Product>>(
    client,
    earlierMenus,
    gone.map(({ restaurantId, productId }) => ({ restaurant_id: restaurantId, product_id: productId })),
  );
  return new Map(rows.map((row) => [JSON.stringify([row.restaurantId, row.productId]), row]));
}

const earlierMenus = {
  name: 'earlier_products',
  text: /* sql */ `
    SELECT DISTINCT ON (restaurant_id, product_id)
      restaurant_id AS "restaurantId", product_id AS "productId", entry_pk AS "entryPk", valid_from AS "validFrom",
      jsonb_build_object('name', product -> 'name', 'category', product -> 'category') AS entry
    FROM ${wantedProducts.unnest('wanted')}
    JOIN stg.dictionary_entries ON entry_kind = 'restaurant' AND entry_key = restaurant_id
    CROSS JOIN LATERAL json_array_elements(entry -> 'menu') WITH ORDINALITY AS menu (product, place)
    WHERE json_typeof(product -> '_id') = 'string' AND product ->> '_id' = product_id
      AND json_typeof(product -> 'name') = 'string' AND product ->> 'name' <> ''
      AND json_typeof(product -> 'category') = 'string' AND product ->> 'category' <> ''
    ORDER BY restaurant_id, product_id, valid_from DESC, entry_pk DESC, place`,
};
