import { keyDigest } from '@app/data-vault/hash-key';
import { bucketOf, hashOfBucket } from '@app/data-vault/user-place';
import { encodeJson } from '@app/values/json-text';
import type { SourceOrder, SourceOrderPayload } from '@app/contracts/source-order.contract';
import { canonicalTime } from '@app/values/source-time';
import type { StagedOrder, StagedProduct } from '@app/contracts/staged-order.contract';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import type { Product, RestaurantEntry, UserEntry } from './dictionary-entry';

/** A dictionary entry with the key and the time that it has, or is to have, in stg.dictionary_entries. */
export interface DatedEntry<T> {
  entryPk: string;
  validFrom: string;
  entry: T;
}

/** What the dictionary says about the orders at hand. */
export interface DictionaryAnswers {
  user(id: string): DatedEntry<UserEntry> | undefined;
  restaurant(id: string): DatedEntry<RestaurantEntry> | undefined;
  /** A product that is not in the restaurant's present menu, as the newest stored menu that had it. */
  earlierProduct(restaurantId: string, productId: string): DatedEntry<Product> | undefined;
}

/**
 * The dictionary entries that an order version was enriched with. Once stored, they are used again for every repeat.
 */
export interface UsedEntries {
  userEntryPk: string;
  restaurantEntryPk: string;
  /** Product id to entry, for products from an earlier menu; null if there are none. */
  earlierMenus: Record<string, string> | null;
}

export function entryPksOf({ userEntryPk, restaurantEntryPk, earlierMenus }: UsedEntries): string[] {
  return [userEntryPk, restaurantEntryPk, ...Object.values(earlierMenus ?? {})];
}

export interface Missing {
  /** Published in stg.pending_orders, where a product is a dish. */
  kind: 'user' | 'restaurant' | 'dish';
  id: string;
  restaurant_id?: string;
}

export type Enrichment =
  { kind: 'enriched'; staged: StagedOrder; used: UsedEntries } | { kind: 'incomplete'; missing: Missing[] };

/**
 * An order version with the names of the dictionary: names and categories of products from the menu, price and quantity
 * from the order. Nothing is made up: what the dictionary does not know is missing.
 */
export function enrichOrder(order: SourceOrder, version: string, dictionary: DictionaryAnswers): Enrichment {
  const { payload } = order;
  const user = dictionary.user(payload.user.id);
  const restaurant = dictionary.restaurant(payload.restaurant.id);
  const items = restaurant ? findItems(payload, restaurant, dictionary) : NO_ITEMS;
  if (user && restaurant && items.missing.size === 0) {
    return {
      kind: 'enriched',
      used: {
        userEntryPk: user.entryPk,
        restaurantEntryPk: restaurant.entryPk,
        earlierMenus: items.earlierMenus.size > 0 ? Object.fromEntries(items.earlierMenus) : null,
      },
      staged: stagedOrder(order, version, user, restaurant, items.products),
    };
  }
  const missing: Missing[] = [];
  if (!user) {
    missing.push({ kind: 'user', id: payload.user.id });
  }
  if (!restaurant) {
    missing.push({ kind: 'restaurant', id: payload.restaurant.id });
  }
  return { kind: 'incomplete', missing: [...missing, ...items.missing.values()] };
}

/** The lines of an order as the menus have them. */
interface Items {
  products: StagedProduct[];
  /** Entry by product id, for products from an earlier menu. */
  earlierMenus: Map<string, string>;
  /** Products that no menu has, by id. */
  missing: Map<string, Missing>;
}

/** Without its restaurant, nothing is known of an item. */
const NO_ITEMS: Items = { products: [], earlierMenus: new Map(), missing: new Map() };

function findItems(
  payload: SourceOrderPayload,
  restaurant: DatedEntry<RestaurantEntry>,
  dictionary: DictionaryAnswers,
): Items {
  const items: Items = { products: [], earlierMenus: new Map(), missing: new Map() };
  for (const item of payload.order_items) {
    const present = restaurant.entry.menu.get(item.id);
    const earlier = present ? undefined : dictionary.earlierProduct(payload.restaurant.id, item.id);
    const product = present ?? earlier?.entry;
    if (!product) {
      items.missing.set(item.id, { kind: 'dish', id: item.id, restaurant_id: payload.restaurant.id });
      continue;
    }
    if (earlier) {
      items.earlierMenus.set(item.id, earlier.entryPk);
    }
    items.products.push({
      id: item.id,
      price: item.price,
      quantity: item.quantity,
      name: product.name,
      ordered_name: item.name,
      category: product.category,
      valid_from: (earlier ?? restaurant).validFrom,
    });
  }
  return items;
}

/** The message of stg. Members are spelled out: a spread here takes thirty times as long. */
function stagedOrder(
  order: SourceOrder,
  version: string,
  user: DatedEntry<UserEntry>,
  restaurant: DatedEntry<RestaurantEntry>,
  products: StagedProduct[],
): StagedOrder {
  const { payload } = order;
  const statuses =
    payload.statuses.length > 0
      ? payload.statuses
      : [{ status: payload.final_status, dttm: payload.update_ts }];
  return {
    object_id: order.object_id,
    object_type: 'order',
    sent_dttm: canonicalTime(order.sent_dttm)!,
    payload: {
      id: order.object_id,
      order_version: version,
      date: canonicalTime(payload.date)!,
      update_ts: canonicalTime(payload.update_ts)!,
      cost: payload.cost,
      payment: payload.payment,
      bonus_payment: payload.bonus_payment,
      bonus_grant: payload.bonus_grant,
      status: payload.final_status,
      statuses: statuses.map(({ status, dttm }) => ({ status, dttm: canonicalTime(dttm)! })),
      restaurant: {
        id: payload.restaurant.id,
        name: restaurant.entry.name,
        valid_from: restaurant.validFrom,
      },
      user: {
        id: payload.user.id,
        name: user.entry.name,
        login: user.entry.login,
        valid_from: user.validFrom,
      },
      products,
    },
  };
}

/** Keyed by the user, whose orders stay in one partition; the hash is that of the bucket of the user. */
export function encodeOutput(staged: StagedOrder): OutgoingMessage {
  const { id } = staged.payload.user;
  const hash = () => hashOfBucket(bucketOf(keyDigest('h_user', id)));
  return { key: id, hash, value: Buffer.from(encodeJson(staged)) };
}
