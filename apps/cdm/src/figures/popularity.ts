import type { Client } from '@app/warehouse/warehouse';
import type {
  CategoryOfRestaurant,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
} from './dashboard.contract';
import { closedOrders, closedUsers, SALES } from './denominators';
import type { LedgerCopy } from './ledger-copy';
import type { Counts, Grain } from './order-columns';
import { orderFilter, type OrderFilter } from './order-filter';

const columns = { orders: 'order_cnt', users: 'user_cnt' };

/** Values by keys, as a query, and the value of all together. */
interface Counted {
  keys: string;
  total: string;
  values: unknown[];
}

export async function categoryPopularity(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
): Promise<PopularityAnswer[]> {
  const filter = orderFilter(query);
  const categories = filter.isEmpty
    ? fromMart(query, filter, `SELECT category_id, ${columns[query.by]} FROM cdm.category_popularity`)
    : (fromCopy(await copy.count(client, query, query.by, ['category']), 'category') ??
      fromLedger(query, filter, categoryLines(filter), 'category_id'));
  return ranked(
    client,
    query,
    categories,
    `JOIN (SELECT category_id AS id, category_name COLLATE "C" AS name FROM cdm.category_popularity) named USING (id)`,
  );
}

export async function productPopularity(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
): Promise<PopularityAnswer[]> {
  const filter = orderFilter(query);
  const products = filter.isEmpty
    ? fromMart(query, filter, `SELECT product_id, ${columns[query.by]} FROM cdm.product_popularity`)
    : (fromCopy(await copy.count(client, query, query.by, ['product']), 'product') ??
      fromLedger(query, filter, productLines(filter), 'product_id'));
  return ranked(
    client,
    query,
    products,
    'JOIN (SELECT product_id AS id, product_name AS name FROM cdm.product_names) named USING (id)',
  );
}

export async function restaurantPopularity(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
): Promise<RestaurantAnswer[]> {
  const filter = orderFilter(query);
  const pair = `restaurant_id || ' ' || category_id`;
  const hasMarts = query.by === 'orders' && filter.isEmpty;
  const counts = hasMarts
    ? undefined
    : await copy.count(client, query, query.by, ['restaurant', 'restaurant category']);
  const restaurants = hasMarts
    ? fromMart(query, filter, restaurantOrders)
    : (fromCopy(counts, 'restaurant') ?? fromLedger(query, filter, closedOrderRows(filter), 'restaurant_id'));
  const pairs = hasMarts
    ? fromMart(query, filter, `SELECT ${pair}, order_cnt FROM cdm.restaurant_category_counters`)
    : (fromCopy(counts, 'restaurant category') ?? fromLedger(query, filter, categoryLines(filter), pair));
  const answers = await ranked(
    client,
    query,
    restaurants,
    'JOIN (SELECT restaurant_id AS id, restaurant_name AS name FROM cdm.restaurant_names) named USING (id)',
  );
  const categories = await categoriesOfRestaurants(client, pairs);
  return answers.map((answer) => ({ ...answer, categories: categories.get(answer.id) ?? [] }));
}

async function categoriesOfRestaurants(
  client: Client,
  { keys, values }: Counted,
): Promise<Map<string, CategoryOfRestaurant[]>> {
  const { rows } = await client.query<CategoryOfRestaurant & { restaurant_id: string }>(
    /* sql */ `
    SELECT split_part(counted.id, ' ', 1) AS restaurant_id, category_id AS id, category_name AS name, value
    FROM (${keys}) AS counted (id, value)
    JOIN cdm.category_popularity ON category_id = split_part(counted.id, ' ', 2)::uuid
    ORDER BY value DESC, category_name COLLATE "C", category_id`,
    values,
  );
  const categories = new Map<string, CategoryOfRestaurant[]>();
  for (const { restaurant_id, ...category } of rows) {
    categories.set(restaurant_id, [...(categories.get(restaurant_id) ?? []), category]);
  }
  return categories;
}

const restaurantOrders = /* sql */ `
  SELECT restaurant_id, sum(closed_order_cnt)::integer FROM ${SALES}
  GROUP BY restaurant_id HAVING sum(closed_order_cnt) > 0`;

function fromMart({ by }: PopularityQuery, filter: OrderFilter, keys: string): Counted {
  return { keys, total: totalOf(by, filter), values: [] };
}

/** @returns undefined where there are no counts */
function fromCopy(counts: Counts | undefined, grain: Grain): Counted | undefined {
  const values = counts?.values[grain];
  return (
    values && {
      keys: `SELECT * FROM unnest($1::${grain === 'restaurant category' ? 'text' : 'uuid'}[], $2::integer[])`,
      total: String(counts.total),
      values: [values.map(([key]) => key), values.map(([, value]) => value)],
    }
  );
}

/** Lines, or their distinct users, by a key. PostgreSQL sorts for `count(DISTINCT)`; this way it hashes. */
function fromLedger({ by }: PopularityQuery, filter: OrderFilter, lines: string, key: string): Counted {
  const rows = `SELECT ${by === 'orders' ? '' : 'DISTINCT user_id, '}${key} AS id FROM (${lines}) line`;
  const keys = `SELECT id, count(*)::integer AS value FROM (${rows}) line GROUP BY id`;
  return { keys, total: totalOf(by, filter), values: filter.values };
}

function totalOf(by: PopularityQuery['by'], filter: OrderFilter): string {
  return by === 'orders' ? closedOrders(filter) : closedUsers(filter);
}

/** @param names a join that gives each id a name */
async function ranked(
  client: Client,
  { limit }: PopularityQuery,
  { keys, total, values }: Counted,
  names: string,
): Promise<PopularityAnswer[]> {
  const { rows } = await client.query<PopularityAnswer>(
    /* sql */ `
    SELECT id, name, value, value::float8 / (${total}) AS share
    FROM (${keys}) AS counted (id, value) ${names}
    ORDER BY value DESC, name, id LIMIT $${values.length + 1}`,
    [...values, limit],
  );
  return rows;
}

function closedOrderRows({ order }: OrderFilter): string {
  return `SELECT user_id, restaurant_id FROM cdm.order_versions WHERE status = 'CLOSED' AND ${order}`;
}

/** Lines of the CLOSED orders that count: of an order each category once. */
function categoryLines({ order, line }: OrderFilter): string {
  return /* sql */ `
    SELECT user_id, restaurant_id, category_id
    FROM cdm.order_versions, unnest(category_ids) WITH ORDINALITY AS line (category_id, place)
    WHERE status = 'CLOSED' AND ${order} AND ${line} AND array_position(category_ids, category_id) = place`;
}

/** Each product once, as the ledger has it. */
function productLines({ order, line }: OrderFilter): string {
  return /* sql */ `
    SELECT user_id, product_id
    FROM cdm.order_versions, unnest(product_ids, category_ids) AS line (product_id, category_id)
    WHERE status = 'CLOSED' AND ${order} AND ${line}`;
}
