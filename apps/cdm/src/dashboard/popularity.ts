import type { Client } from '@app/warehouse/warehouse';
import type {
  CategoryOfRestaurant,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
} from './dashboard.contract';
import { closedOrders, closedUsers } from './denominators';
import type { LedgerCopy } from './ledger-copy';
import type { Grain } from './order-columns';
import { orderFilter, type OrderFilter } from './order-filter';

type By = PopularityQuery['by'];

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
  const mart = filter.isEmpty && `SELECT category_id, ${columns[query.by]} FROM cdm.category_popularity`;
  const lines = ledgerCount(query.by, categoryLines(filter), 'category_id');
  return ranked(
    client,
    query,
    await counted(client, query, copy, 'category', mart, lines),
    `JOIN (SELECT category_id AS id, category_name COLLATE "C" AS name FROM cdm.category_popularity) named USING (id)`,
  );
}

export async function productPopularity(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
): Promise<PopularityAnswer[]> {
  const filter = orderFilter(query);
  const mart = filter.isEmpty && `SELECT product_id, ${columns[query.by]} FROM cdm.product_popularity`;
  const lines = ledgerCount(query.by, productLines(filter), 'product_id');
  return ranked(
    client,
    query,
    await counted(client, query, copy, 'product', mart, lines),
    'JOIN (SELECT product_id AS id, product_name AS name FROM cdm.product_names) named USING (id)',
  );
}

export async function restaurantPopularity(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
): Promise<RestaurantAnswer[]> {
  const filter = orderFilter(query);
  const mart =
    query.by === 'orders' &&
    filter.hasWholeDays &&
    /* sql */ `
    SELECT restaurant_id, sum(closed_order_cnt)::integer FROM cdm.daily_sales WHERE ${filter.sales}
    GROUP BY restaurant_id HAVING sum(closed_order_cnt) > 0`;
  const orders = ledgerCount(query.by, closedOrderRows(filter), 'restaurant_id');
  const restaurants = await ranked(
    client,
    query,
    await counted(client, query, copy, 'restaurant', mart, orders),
    'JOIN (SELECT restaurant_id AS id, restaurant_name AS name FROM cdm.restaurant_names) named USING (id)',
  );
  const categories = await categoriesOfRestaurants(client, query, copy, filter);
  return restaurants.map((restaurant) => ({
    ...restaurant,
    categories: categories.get(restaurant.id) ?? [],
  }));
}

async function categoriesOfRestaurants(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
  filter: OrderFilter,
): Promise<Map<string, CategoryOfRestaurant[]>> {
  const pair = `restaurant_id || ' ' || category_id`;
  const mart =
    query.by === 'orders' &&
    filter.isEmpty &&
    `SELECT ${pair}, order_cnt FROM cdm.restaurant_category_counters`;
  const lines = ledgerCount(query.by, categoryLines(filter), pair);
  const { keys, values } = await counted(client, query, copy, 'restaurant category', mart, lines);
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

/** From a mart where there is one, else from the copy of the ledger, else, while there is none, from the ledger itself. */
async function counted(
  client: Client,
  query: PopularityQuery,
  copy: LedgerCopy,
  grain: Grain,
  mart: string | false,
  ledger: string,
): Promise<Counted> {
  const filter = orderFilter(query);
  const total = query.by === 'orders' ? closedOrders(filter) : closedUsers(filter);
  if (mart) {
    return { keys: mart, total, values: filter.values };
  }
  const counts = await copy.count(client, query, query.by, grain);
  if (!counts) {
    return { keys: ledger, total, values: filter.values };
  }
  const type = grain === 'restaurant category' ? 'text' : 'uuid';
  return {
    keys: `SELECT * FROM unnest($1::${type}[], $2::integer[])`,
    total: String(counts.total),
    values: [counts.values.map(([key]) => key), counts.values.map(([, value]) => value)],
  };
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

/** Lines, or their distinct users, by the columns. PostgreSQL sorts for `count(DISTINCT)`; this way it hashes. */
function ledgerCount(by: By, lines: string, key: string): string {
  const rows = by === 'orders' ? 'SELECT ' : 'SELECT DISTINCT user_id, ';
  return `SELECT id, count(*)::integer AS value FROM (${rows} ${key} AS id FROM (${lines}) line) line GROUP BY id`;
}
