import { listed, wrongCounts } from './counted-rows';
import { digestOf } from './digest';
import type { Layers } from './layers';
import type { Look, WrongRow } from './wrong-rows';

/**
 * Users of a range of keys: what is counted for each, counted once more from their CLOSED orders. Ledger and counters
 * change in one transaction, and are read by one statement, so nothing is ever on its way between them.
 */
export async function lookAtUsers(layers: Layers, after: string, upto: string): Promise<Look> {
  const [row] = await layers.rows<{ users: string; counters: number; wrong: string }>('cdm', statement, [
    after,
    upto,
  ]);
  const users = JSON.parse(row!.users) as [string, string][];
  const strangers = users.filter(([key, source]) => digestOf('h_user', source) !== key);
  return {
    checked: users.length + row!.counters,
    wrong: [
      ...wrongCounts(row!.wrong, 'user_id'),
      ...strangers.map(([key, source]): WrongRow => ({
        table: 'cdm.users',
        key: { user_id: key },
        place: key,
        against: 'its key',
        expected: { user_id: digestOf('h_user', source) },
        found: { user_id: key },
      })),
    ],
  };
}

/**
 * The key of counters of products begins with the product, so those of a user are found one by one, and those that no
 * order stands for by the look at products. A name that is being spread is not compared.
 */
const statement = /* sql */ `
  WITH placed AS MATERIALIZED (
    SELECT order_id, user_id, status = 'CLOSED' AS is_closed, product_ids, category_ids
    FROM cdm.order_versions WHERE user_id > $1 AND user_id <= $2
  ), closed AS (
    SELECT user_id, count(*) FILTER (WHERE is_closed) AS orders FROM placed GROUP BY user_id
  ), known AS MATERIALIZED (
    SELECT user_id, source_user_id, closed_order_cnt FROM cdm.users WHERE user_id > $1 AND user_id <= $2
  ), of_categories AS (
    SELECT user_id, category_id, count(DISTINCT order_id) AS orders
    FROM placed CROSS JOIN LATERAL unnest(category_ids) AS category_id WHERE is_closed GROUP BY user_id, category_id
  ), category_names AS MATERIALIZED (
    SELECT category_id, max(category_name) AS name FROM cdm.category_popularity_slots GROUP BY category_id
  ), of_products AS MATERIALIZED (
    SELECT user_id, product_id, count(*) AS orders
    FROM placed CROSS JOIN LATERAL unnest(product_ids) AS product_id WHERE is_closed GROUP BY user_id, product_id
  ), wrong AS (
    SELECT 'users' AS mart, json_build_object('user_id', user_id) AS key,
      json_build_object('closed_order_cnt', coalesce(orders, 0)::text) AS expected,
      CASE WHEN known.user_id IS NOT NULL THEN json_build_object('closed_order_cnt', closed_order_cnt::text) END AS found
    FROM closed FULL JOIN known USING (user_id) WHERE closed_order_cnt IS DISTINCT FROM coalesce(orders, 0)
    UNION ALL
    SELECT 'user_category_counters', json_build_object('user_id', user_id, 'category_id', category_id),
      CASE WHEN orders IS NOT NULL THEN json_build_object('order_cnt', orders::text, 'category_name', coalesce(name, category_name)) END,
      CASE WHEN order_cnt IS NOT NULL THEN json_build_object('order_cnt', order_cnt::text, 'category_name', category_name) END
    FROM of_categories FULL JOIN (
      SELECT user_id, category_id, category_name, order_cnt FROM cdm.user_category_counters WHERE user_id > $1 AND user_id <= $2
    ) AS counter USING (user_id, category_id) LEFT JOIN category_names USING (category_id)
    WHERE order_cnt IS DISTINCT FROM orders OR name <> category_name
    UNION ALL
    SELECT 'user_product_counters', json_build_object('user_id', of_products.user_id, 'product_id', of_products.product_id),
      json_build_object('order_cnt', orders::text, 'product_name', coalesce(name.product_name, counter.product_name)),
      CASE WHEN order_cnt IS NOT NULL THEN json_build_object('order_cnt', order_cnt::text, 'product_name', counter.product_name) END
    FROM of_products LEFT JOIN cdm.user_product_counters counter
      ON counter.product_id = of_products.product_id AND counter.user_id = of_products.user_id
    LEFT JOIN cdm.product_names name ON name.product_id = of_products.product_id AND NOT spreading
    WHERE order_cnt IS DISTINCT FROM orders OR name.product_name <> counter.product_name
  )
  SELECT (SELECT coalesce(json_agg(json_build_array(user_id, source_user_id)), '[]') FROM known) AS users,
    ((SELECT count(*) FROM of_categories) + (SELECT count(*) FROM of_products))::integer AS counters,
    ${listed('wrong')} AS wrong`;
