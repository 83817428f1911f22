import { listed, wrongCounts } from './counted-rows';
import { digestOf } from './digest';
import type { Layers } from './layers';
import type { Look, WrongRow } from './wrong-rows';

/**
 * How popular categories of a range of keys are: by the counters of users, which the look at users compares with the
 * ledger. Where they disagree, both are counted again from the ledger.
 */
export async function lookAtCategories(layers: Layers, after: string, upto: string): Promise<Look> {
  const [row] = await layers.rows<{ checked: number; wrong: string; names: string }>('cdm', ofCategories, [
    after,
    upto,
  ]);
  const names = JSON.parse(row!.names) as [string, string][];
  return {
    checked: row!.checked,
    wrong: [
      ...wrongCounts(row!.wrong, 'category_id'),
      ...names.flatMap(([category_id, name]) =>
        wrongCategoryName('cdm.category_popularity', { category_id }, name),
      ),
    ],
  };
}

/** The same of products. A counter that no order stands for is found here too. */
export async function countProducts(layers: Layers, after: string, upto: string): Promise<Look> {
  const [row] = await layers.rows<{ checked: number; wrong: string }>('cdm', ofProducts, [after, upto]);
  return { checked: row!.checked, wrong: wrongCounts(row!.wrong, 'product_id') };
}

/**
 * The name of a category is its business key.
 * @param key of the row that has the name
 * @returns nothing where the name is right
 */
export function wrongCategoryName(
  table: string,
  key: { category_id: string; restaurant_id?: string },
  name: string,
): WrongRow[] {
  const values = { expected: { category_name: null }, found: { category_name: name } };
  const place = key.restaurant_id ?? key.category_id;
  const isRight = digestOf('h_category', name) === key.category_id;
  return isRight ? [] : [{ table, key, place, against: 'its key', ...values }];
}

/** All counts of one statement are of one moment. The ledger is read only where something differs. */
function counted(thing: 'product' | 'category', keys: string): string {
  const key = `${thing}_id`;
  const counters = `cdm.user_${thing}_counters`;
  const range = `${key} > $1 AND ${key} <= $2`;
  const values = (orders: string, users: string) =>
    `json_build_object('order_cnt', ${orders}::text, 'user_cnt', ${users}::text)`;
  return /* sql */ `
    counters AS (
      SELECT ${key}, sum(order_cnt) AS orders, count(*) AS users FROM ${counters} WHERE ${range} GROUP BY ${key}
    ), popular AS (
      SELECT ${key}, order_cnt, user_cnt FROM cdm.${thing}_popularity WHERE ${range}
    ), compared AS MATERIALIZED (
      SELECT ${key}, order_cnt IS DISTINCT FROM orders OR user_cnt IS DISTINCT FROM users AS differs, order_cnt, user_cnt
      FROM counters FULL JOIN popular USING (${key})
    ), recounted AS MATERIALIZED (
      SELECT again.* FROM (SELECT array_agg(${key}) AS ids FROM compared WHERE differs HAVING count(*) > 0) AS asked
      CROSS JOIN LATERAL (
        SELECT ${key}, user_id, count(DISTINCT order_id) AS orders
        FROM cdm.order_versions CROSS JOIN LATERAL unnest(${keys}) AS ${key}
        WHERE status = 'CLOSED' AND ${keys} && asked.ids AND ${key} = ANY (asked.ids) GROUP BY ${key}, user_id
      ) AS again
    ), truth AS (
      SELECT ${key}, sum(orders) AS orders, count(*) AS users FROM recounted GROUP BY ${key}
    ), wrong AS (
      SELECT '${thing}_popularity' AS mart, json_build_object('${key}', ${key}) AS key,
        CASE WHEN orders IS NOT NULL THEN ${values('orders', 'users')} END AS expected,
        CASE WHEN order_cnt IS NOT NULL THEN ${values('order_cnt', 'user_cnt')} END AS found
      FROM compared LEFT JOIN truth USING (${key})
      WHERE differs AND (order_cnt IS DISTINCT FROM orders OR user_cnt IS DISTINCT FROM users)
      UNION ALL
      SELECT 'user_${thing}_counters', json_build_object('user_id', counter.user_id, '${key}', counter.${key}), NULL, '{}'
      FROM compared JOIN ${counters} counter USING (${key})
      LEFT JOIN recounted ON recounted.${key} = counter.${key} AND recounted.user_id = counter.user_id
      WHERE differs AND recounted.user_id IS NULL
    )`;
}

const ofCategories = /* sql */ `
  WITH ${counted('category', 'category_ids')}
  SELECT (SELECT count(*)::integer FROM compared) AS checked, ${listed('wrong')} AS wrong, (
    SELECT coalesce(json_agg(DISTINCT jsonb_build_array(category_id, category_name)), '[]') FROM cdm.category_popularity_slots
    WHERE category_id > $1 AND category_id <= $2 AND category_name IS NOT NULL) AS names`;

const ofProducts = /* sql */ `
  WITH ${counted('product', 'product_ids')}, all_wrong AS (
    SELECT * FROM wrong
    UNION ALL
    SELECT 'product_names', json_build_object('product_id', product_id), '{}', NULL
    FROM compared LEFT JOIN cdm.product_names name USING (product_id) WHERE name.product_name IS NULL
  )
  SELECT (SELECT count(*)::integer FROM compared) AS checked, ${listed('all_wrong')} AS wrong`;
