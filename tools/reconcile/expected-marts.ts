/**
 * The ledger as the vault tells it: of each order the newest version.
 * @param condition on the rows of `dds.order_current`
 */
export function ledgerOfVault(condition = 'true'): string {
  return /* sql */ `
    WITH newest AS (SELECT * FROM dds.order_current WHERE ${condition}), dishes AS (
      SELECT h_order_pk, array_agg(h_product_pk ORDER BY h_product_pk) AS product_ids,
        array_agg(h_category_pk ORDER BY h_product_pk) AS category_ids
      FROM (
        SELECT DISTINCT ON (h_order_pk, h_product_pk) h_order_pk, h_product_pk, h_category_pk
        FROM newest JOIN dds.l_order_product USING (h_order_pk)
        JOIN dds.s_order_product USING (hk_order_product_pk, order_version) JOIN dds.h_category USING (category_name)
        ORDER BY h_order_pk, h_product_pk, line
      ) AS lines GROUP BY h_order_pk
    )
    SELECT h_order_pk AS order_id, order_id AS object_id, order_version, h_user_pk AS user_id, h_restaurant_pk AS restaurant_id,
      final_status AS status, order_dt, cost, payment, coalesce(product_ids, '{}') AS product_ids,
      coalesce(category_ids, '{}') AS category_ids
    FROM newest LEFT JOIN dishes USING (h_order_pk)`;
}

/** The columns of the ledger that tell of orders; the first identifies a row. */
export const ledgerColumns = [
  'order_id',
  'object_id',
  'order_version',
  'user_id',
  'restaurant_id',
  'status',
  'order_dt',
  'cost',
  'payment',
  'product_ids',
  'category_ids',
];

/** The newest name of each dish or restaurant: by dictionary time, then the greater name. */
export function newestNames(thing: 'product' | 'restaurant'): string {
  return /* sql */ `
    SELECT DISTINCT ON (h_${thing}_pk) h_${thing}_pk AS ${thing}_id, name COLLATE "C" AS ${thing}_name, valid_from, load_dt
    FROM dds.s_${thing}_names ORDER BY h_${thing}_pk, valid_from DESC, name COLLATE "C" DESC`;
}

// What follows counts the orders of a ledger: of `cdm.order_versions`, or of another table with its columns.

export function userProducts(ledger: string): string {
  return /* sql */ `
    SELECT user_id, product_id, count(*)::integer AS order_cnt
    FROM ${ledger} AS ledger CROSS JOIN unnest(product_ids) AS line (product_id)
    WHERE status = 'CLOSED' GROUP BY user_id, product_id`;
}

export function userCategories(ledger: string): string {
  return categories('user_id', ledger);
}

export function restaurantCategories(ledger: string): string {
  return categories('restaurant_id', ledger);
}

/** An order counts once for a category, however many of its dishes belong to it. */
function categories(owner: 'user_id' | 'restaurant_id', ledger: string): string {
  return /* sql */ `
    SELECT ${owner}, category_id, count(*)::integer AS order_cnt
    FROM (
      SELECT DISTINCT order_id, ${owner}, category_id
      FROM ${ledger} AS ledger CROSS JOIN unnest(category_ids) AS line (category_id) WHERE status = 'CLOSED'
    ) AS placed GROUP BY ${owner}, category_id`;
}

export function dailySales(ledger: string): string {
  return /* sql */ `
    SELECT order_dt::date AS day, restaurant_id, count(*)::integer AS order_cnt,
      count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_order_cnt,
      coalesce(sum(cost) FILTER (WHERE status = 'CLOSED'), 0) AS cost,
      coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0) AS payment
    FROM ${ledger} AS ledger GROUP BY day, restaurant_id`;
}

/** An order has one user, so the orders of a thing are those of its users together. */
export function popularity(thing: 'product' | 'category', ledger: string): string {
  const ofUsers = thing === 'product' ? userProducts(ledger) : userCategories(ledger);
  return /* sql */ `
    SELECT ${thing}_id, sum(order_cnt)::integer AS order_cnt, count(*)::integer AS user_cnt
    FROM (${ofUsers}) AS of_users GROUP BY ${thing}_id`;
}

export function closedOrders(ledger: string): string {
  return /* sql */ `
    SELECT user_id, count(*)::integer AS closed_order_cnt FROM ${ledger} AS ledger WHERE status = 'CLOSED' GROUP BY user_id`;
}
