import type { Client } from '@app/warehouse/warehouse';
import type { AudienceAnswer, Named } from './dashboard.contract';

/** All restaurants of orders, by name. */
export async function listRestaurants(client: Client): Promise<Named[]> {
  const { rows } = await client.query<Named>(
    'SELECT restaurant_id AS id, restaurant_name AS name FROM cdm.restaurant_names ORDER BY restaurant_name, restaurant_id',
  );
  return rows;
}

/** All categories of CLOSED orders, by name. */
export async function listCategories(client: Client): Promise<Named[]> {
  const { rows } = await client.query<Named>(/* sql */ `
    SELECT category_id AS id, category_name AS name FROM cdm.category_popularity ORDER BY category_name COLLATE "C", category_id`);
  return rows;
}

/** Every tag that somebody holds, the largest audience first. */
export async function listAudiences(client: Client): Promise<AudienceAnswer[]> {
  const { rows } = await client.query<AudienceAnswer>(
    'SELECT tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag ORDER BY users DESC, tag COLLATE "C"',
  );
  return rows;
}
