import { listed, wrongCounts } from './counted-rows';
import type { Layers } from './layers';
import { wrongNames } from './look-at-names';
import { wrongCategoryName } from './look-at-popularity';
import { superfluousNames } from './superfluous-names';
import type { Look } from './wrong-rows';

/** Restaurants of a range of keys: their sales by day, and the categories of their orders, counted once more. */
export async function lookAtRestaurants(layers: Layers, after: string, upto: string): Promise<Look> {
  const [row] = await layers.rows<{ checked: number; wrong: string; names: string }>('cdm', statement, [
    after,
    upto,
  ]);
  const names = JSON.parse(row!.names) as [string, string, string][];
  return {
    checked: row!.checked,
    wrong: [
      ...wrongCounts(row!.wrong, 'restaurant_id'),
      ...names.flatMap(([restaurant_id, category_id, name]) =>
        wrongCategoryName('cdm.restaurant_category_counters', { restaurant_id, category_id }, name),
      ),
      ...(await wrongNames(layers, 'restaurant', after, upto)),
      ...(await superfluousNames(layers, after, upto)),
    ],
  };
}

const sales = (orders: string, closed: string, cost: string, payment: string) =>
  `json_build_object('order_cnt', ${orders}::text, 'closed_order_cnt', ${closed}::text,
    'cost', trim_scale(${cost})::text, 'payment', trim_scale(${payment})::text)`;

const statement = /* sql */ `
  WITH placed AS MATERIALIZED (
    SELECT order_id, restaurant_id, order_dt::date AS day, status = 'CLOSED' AS is_closed, cost, payment, category_ids
    FROM cdm.order_versions WHERE restaurant_id > $1 AND restaurant_id <= $2
  ), sold AS (
    SELECT day, restaurant_id, count(*) AS orders, count(*) FILTER (WHERE is_closed) AS closed,
      coalesce(sum(cost) FILTER (WHERE is_closed), 0) AS sum_cost, coalesce(sum(payment) FILTER (WHERE is_closed), 0) AS sum_payment
    FROM placed GROUP BY day, restaurant_id
  ), of_days AS MATERIALIZED (
    SELECT day, restaurant_id, orders, closed, sum_cost, sum_payment, order_cnt, closed_order_cnt, cost, payment
    FROM sold FULL JOIN (
      SELECT day, restaurant_id, order_cnt, closed_order_cnt, cost, payment FROM cdm.daily_sales
      WHERE restaurant_id > $1 AND restaurant_id <= $2
    ) AS said USING (day, restaurant_id)
  ), of_categories AS MATERIALIZED (
    SELECT restaurant_id, category_id, orders, order_cnt
    FROM (
      SELECT restaurant_id, category_id, count(DISTINCT order_id) AS orders
      FROM placed CROSS JOIN LATERAL unnest(category_ids) AS category_id WHERE is_closed GROUP BY restaurant_id, category_id
    ) AS counted FULL JOIN (
      SELECT restaurant_id, category_id, order_cnt FROM cdm.restaurant_category_counters
      WHERE restaurant_id > $1 AND restaurant_id <= $2
    ) AS said USING (restaurant_id, category_id)
  ), wrong AS (
    SELECT 'daily_sales' AS mart, json_build_object('day', day, 'restaurant_id', restaurant_id) AS key,
      CASE WHEN orders IS NOT NULL THEN ${sales('orders', 'closed', 'sum_cost', 'sum_payment')} END AS expected,
      CASE WHEN order_cnt IS NOT NULL THEN ${sales('order_cnt', 'closed_order_cnt', 'cost', 'payment')} END AS found
    FROM of_days
    WHERE (orders, closed, sum_cost, sum_payment) IS DISTINCT FROM (order_cnt, closed_order_cnt, cost, payment)
    UNION ALL
    SELECT 'restaurant_category_counters', json_build_object('restaurant_id', restaurant_id, 'category_id', category_id),
      CASE WHEN orders IS NOT NULL THEN json_build_object('order_cnt', orders::text) END,
      CASE WHEN order_cnt IS NOT NULL THEN json_build_object('order_cnt', order_cnt::text) END
    FROM of_categories WHERE orders IS DISTINCT FROM order_cnt
    UNION ALL
    SELECT 'restaurant_names', json_build_object('restaurant_id', restaurant_id), '{}', NULL
    FROM (SELECT DISTINCT restaurant_id FROM placed) AS seen LEFT JOIN cdm.restaurant_names name USING (restaurant_id)
    WHERE name.restaurant_name IS NULL
  )
  SELECT ((SELECT count(*) FROM of_days) + (SELECT count(*) FROM of_categories))::integer AS checked, ${listed('wrong')} AS wrong, (
    SELECT coalesce(json_agg(DISTINCT jsonb_build_array(restaurant_id, category_id, category_name)), '[]')
    FROM cdm.restaurant_category_counters_slots
    WHERE restaurant_id > $1 AND restaurant_id <= $2 AND category_name IS NOT NULL) AS names`;
