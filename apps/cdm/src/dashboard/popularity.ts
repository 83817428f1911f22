import type { Client } from '@app/warehouse/warehouse';
import type {
  CategoryOfRestaurant,
  PopularityAnswer,
  PopularityQuery,
  RestaurantAnswer,
} from './dashboard.contract';
import { filterValues, isMatching, orderFilter } from './order-filter';

/** Lines of the CLOSED orders that count: of an order each category once. */
const categoryLines = /* sql */ `
  SELECT user_id, restaurant_id, category_id
  FROM cdm.order_versions, unnest(category_ids) WITH ORDINALITY AS line (category_id, place)
  WHERE status = 'CLOSED' AND ${isMatching}
    AND ($2::uuid IS NULL OR category_id = $2) AND array_position(category_ids, category_id) = place`;

/** Each product once, as the ledger has it. */
const productLines = /* sql */ `
  SELECT user_id, product_id
  FROM cdm.order_versions, unnest(product_ids, category_ids) AS line (product_id, category_id)
  WHERE status = 'CLOSED' AND ${isMatching} AND ($2::uuid IS NULL OR category_id = $2)`;

const categoryNames = 'SELECT DISTINCT category_id, category_name FROM cdm.restaurant_category_counters';

const counted = { orders: 'count(*)', users: 'count(DISTINCT user_id)' };

export function categoryPopularity(client: Client, query: PopularityQuery): Promise<PopularityAnswer[]> {
  return popularity(
    client,
    query,
    /* sql */ `
    SELECT category_id AS id, category_name COLLATE "C" AS name, value
    FROM (SELECT category_id, ${counted[query.by]}::integer AS value FROM (${categoryLines}) line GROUP BY category_id) counted
    JOIN (${categoryNames}) named USING (category_id)`,
  );
}

export function productPopularity(client: Client, query: PopularityQuery): Promise<PopularityAnswer[]> {
  return popularity(
    client,
    query,
    /* sql */ `
    SELECT product_id AS id, product_name AS name, value
    FROM (SELECT product_id, ${counted[query.by]}::integer AS value FROM (${productLines}) line GROUP BY product_id) counted
    JOIN cdm.product_names USING (product_id)`,
  );
}

export async function restaurantPopularity(
  client: Client,
  query: PopularityQuery,
): Promise<RestaurantAnswer[]> {
  const restaurants = await popularity(
    client,
    query,
    /* sql */ `
    SELECT restaurant_id AS id, restaurant_name AS name, value
    FROM (
      SELECT restaurant_id, ${counted[query.by]}::integer AS value FROM cdm.order_versions
      WHERE status = 'CLOSED' AND ${isMatching} GROUP BY restaurant_id
    ) counted
    JOIN cdm.restaurant_names USING (restaurant_id)`,
  );
  const { rows } = await client.query<CategoryOfRestaurant & { restaurant_id: string }>(
    /* sql */ `
    SELECT restaurant_id, category_id AS id, category_name AS name, value
    FROM (
      SELECT restaurant_id, category_id, ${counted[query.by]}::integer AS value FROM (${categoryLines}) line
      WHERE restaurant_id = ANY ($5::uuid[]) GROUP BY restaurant_id, category_id
    ) counted
    JOIN (${categoryNames}) named USING (category_id)
    ORDER BY value DESC, category_name COLLATE "C", category_id`,
    [...filterValues(orderFilter(query)), restaurants.map(({ id }) => id)],
  );
  return restaurants.map((restaurant) => ({
    ...restaurant,
    categories: rows
      .filter(({ restaurant_id }) => restaurant_id === restaurant.id)
      .map(({ id, name, value }) => ({ id, name, value })),
  }));
}

/** @param values a query for the ids, names and values of all things */
async function popularity(
  client: Client,
  query: PopularityQuery,
  values: string,
): Promise<PopularityAnswer[]> {
  const { rows } = await client.query<PopularityAnswer>(
    /* sql */ `
    SELECT id, name, value, value::float8 / total AS share
    FROM (${values}) things,
      (SELECT ${counted[query.by]} AS total FROM cdm.order_versions WHERE status = 'CLOSED' AND ${isMatching}) all_orders
    ORDER BY value DESC, name, id LIMIT $5`,
    [...filterValues(orderFilter(query)), query.limit],
  );
  return rows;
}
