import type { LedgerOrder } from '../ledger/read-vault-order';

/** What orders are counted by. */
export interface Dimension {
  /** Its column in every mart that counts by it. */
  column: string;
  type: 'uuid' | 'date';
  comment: string;
  /** What the order counts under, each value once. */
  valuesOf: (order: LedgerOrder) => readonly string[];
  /** The same in SQL: an expression over a row of the ledger, which is never null; without one, the column. */
  sql?: string;
  /** The same in SQL where an order has several, or may have none: an item of FROM with the column, a row a value. */
  each?: string;
  name?: DimensionName;
}

/** What the values of a dimension are called. */
export interface DimensionName {
  column: string;
  comment: string;
  /**
   * Keeps the newest name of each value, which spreads to the marts. Without such a table a name comes with its order,
   * and never changes.
   */
  table?: string;
}

const declared = {
  user: {
    column: 'user_id',
    type: 'uuid',
    comment: 'Хеш-ключ гостя / Hash key of the user',
    valuesOf: ({ userId }) => [userId],
  },
  restaurant: {
    column: 'restaurant_id',
    type: 'uuid',
    comment: 'Хеш-ключ ресторана / Hash key of the restaurant',
    valuesOf: ({ restaurantId }) => [restaurantId],
    name: {
      column: 'restaurant_name',
      comment: 'Новейшее название ресторана / Newest name of the restaurant',
      table: 'cdm.restaurant_names',
    },
  },
  day: {
    column: 'day',
    type: 'date',
    comment:
      "День, в который сделаны заказы, в часовом поясе источника / Day of the orders, in the source's time zone",
    valuesOf: ({ orderDt }) => [orderDt.slice(0, 10)],
    sql: 'order_dt::date',
  },
  product: {
    column: 'product_id',
    type: 'uuid',
    comment: 'Хеш-ключ блюда / Hash key of the product',
    valuesOf: ({ productIds }) => productIds,
    each: 'unnest(product_ids) AS product_id',
    name: {
      column: 'product_name',
      comment: 'Новейшее название блюда / Newest name of the product',
      table: 'cdm.product_names',
    },
  },
  category: {
    column: 'category_id',
    type: 'uuid',
    comment: 'Хеш-ключ категории / Hash key of the category',
    valuesOf: ({ categoryIds }) => [...new Set(categoryIds)],
    each: '(SELECT DISTINCT unnest(category_ids) AS category_id) AS category',
    name: { column: 'category_name', comment: 'Название категории / Name of the category' },
  },
} satisfies Record<string, Dimension>;

export type DimensionKey = keyof typeof declared;

export const dimensions: Readonly<Record<DimensionKey, Dimension>> = declared;
