import type { Client } from '@app/warehouse/warehouse';
import type {
  CategoryOfRestaurant,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
} from './dashboard.contract';
import { closedOrders, closedUsers } from './denominators';
import { orderFilter, type OrderFilter } from './order-filter';

type Grain = PopularityQuery['by'];

const columns = { orders: 'order_cnt', users: 'user_cnt' };

export function categoryPopularity(client: Client, query: PopularityQuery): Promise<PopularityAnswer[]> {
  const filter = orderFilter(query);
  const values = filter.isEmpty
    ? `SELECT category_id, ${columns[query.by]} AS value FROM cdm.category_popularity`
    : counted(query.by, categoryLines(filter), 'category_id');
  return popularity(
    client,
    query,
    filter,
    /* sql */ `
    SELECT category_id AS id, category_name COLLATE "C" AS name, value
    FROM (${values}) counted JOIN cdm.category_popularity USING (category_id)`,
  );
}

export function productPopularity(client: Client, query: PopularityQuery): Promise<PopularityAnswer[]> {
  const filter = orderFilter(query);
  const values = filter.isEmpty
    ? `SELECT product_id, ${columns[query.by]} AS value FROM cdm.product_popularity`
    : counted(query.by, productLines(filter), 'product_id');
  return popularity(
    client,
    query,
    filter,
    /* sql */ `
    SELECT product_id AS id, product_name AS name, value
    FROM (${values}) counted JOIN cdm.product_names USING (product_id)`,
  );
}

export async function restaurantPopularity(
  client: Client,
  query: PopularityQuery,
): Promise<RestaurantAnswer[]> {
  const filter = orderFilter(query);
  const values =
    query.by === 'orders' && filter.hasWholeDays
      ? `SELECT restaurant_id, sum(closed_order_cnt)::integer AS value FROM cdm.daily_sales WHERE ${filter.sales} GROUP BY 1`
      : counted(query.by, closedOrderRows(filter), 'restaurant_id');
  const restaurants = await popularity(
    client,
    query,
    filter,
    /* sql */ `
    SELECT restaurant_id AS id, restaurant_name AS name, value
    FROM (${values}) counted JOIN cdm.restaurant_names USING (restaurant_id) WHERE value > 0`,
  );
  const categories = await categoriesOfRestaurants(client, query.by, filter);
  return restaurants.map((restaurant) => ({
    ...restaurant,
    categories: categories.get(restaurant.id) ?? [],
  }));
}

async function categoriesOfRestaurants(
  client: Client,
  by: Grain,
  filter: OrderFilter,
): Promise<Map<string, CategoryOfRestaurant[]>> {
  const values =
    by === 'orders' && filter.isEmpty
      ? 'SELECT restaurant_id, category_id, order_cnt AS value FROM cdm.restaurant_category_counters'
      : counted(by, categoryLines(filter), 'restaurant_id, category_id');
  const { rows } = await client.query<CategoryOfRestaurant & { restaurant_id: string }>(
    /* sql */ `
    SELECT restaurant_id, category_id AS id, category_name AS name, value
    FROM (${values}) counted JOIN cdm.category_popularity USING (category_id)
    ORDER BY value DESC, category_name COLLATE "C", category_id`,
    filter.values,
  );
  const categories = new Map<string, CategoryOfRestaurant[]>();
  for (const { restaurant_id, ...category } of rows) {
    categories.set(restaurant_id, [...(categories.get(restaurant_id) ?? []), category]);
  }
  return categories;
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
function counted(by: Grain, lines: string, grain: string): string {
  const rows = by === 'orders' ? lines : `SELECT DISTINCT ${grain}, user_id FROM (${lines}) line`;
  return `SELECT ${grain}, count(*)::integer AS value FROM (${rows}) line GROUP BY ${grain}`;
}

/** @param things a query for ids, names and values */
async function popularity(
  client: Client,
  { by, limit }: PopularityQuery,
  filter: OrderFilter,
  things: string,
): Promise<PopularityAnswer[]> {
  const total = by === 'orders' ? closedOrders(filter) : closedUsers(filter);
  const { rows } = await client.query<PopularityAnswer>(
    /* sql */ `
    SELECT id, name, value, value::float8 / (${total}) AS share
    FROM (${things}) things
    ORDER BY value DESC, name, id LIMIT $${filter.values.length + 1}`,
    [...filter.values, limit],
  );
  return rows;
}
