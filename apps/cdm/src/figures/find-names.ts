import type { Client } from '@app/warehouse/warehouse';
import { foldName } from '@app/values/fold-name';
import type { Named, NamesQuery } from './dashboard.contract';
import { SALES } from './denominators';

/** For a list that a person reads while they type. */
const FEW = 20;

/**
 * Things with a part of a name, those with the most CLOSED orders first. Names are compared as patterns of rules are:
 * what is found here is what a rule with that text counts.
 */
export async function findNames(
  client: Client,
  things: keyof typeof statements,
  { search = '', limit = FEW }: NamesQuery,
): Promise<Named[]> {
  const { rows } = await client.query<Named>(statements[things]);
  const part = foldName(search);
  return rows.filter(({ name }) => foldName(name).includes(part)).slice(0, limit);
}

const statements = {
  products: /* sql */ `
    SELECT product_id AS id, named.product_name AS name
    FROM cdm.product_names named LEFT JOIN cdm.product_popularity counted USING (product_id)
    ORDER BY coalesce(order_cnt, 0) DESC, name, id`,
  categories: /* sql */ `
    SELECT category_id AS id, category_name AS name FROM cdm.category_popularity
    ORDER BY order_cnt DESC, category_name COLLATE "C", id`,
  restaurants: /* sql */ `
    SELECT restaurant_id AS id, restaurant_name AS name
    FROM cdm.restaurant_names LEFT JOIN (
      SELECT restaurant_id, sum(closed_order_cnt) AS order_cnt FROM ${SALES} GROUP BY restaurant_id
    ) AS counted USING (restaurant_id)
    ORDER BY coalesce(order_cnt, 0) DESC, name, id`,
};
