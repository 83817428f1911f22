import { marts } from '../../apps/cdm/src/marts/marts';
import { recountUsers } from '../../apps/cdm/src/marts/recount';
import { expectedRows } from '../../ops/reconcile/expected-marts';

/**
 * A ledger of so many orders of the last days and the names in it, for an empty `cdm`: 100 restaurants
 * with 20 dishes of 6 categories each, 1 to 5 lines an order; few users and dishes have most of the orders. The same
 * orders each time, but for the dates.
 */
export const writeOrders = (orders: number, days: number, users = 50_000) => /* sql */ `
  SELECT setseed(0.5);
  CREATE TEMP TABLE dish AS
    SELECT n, dds.hash_key('h_product', 'dish' || n) AS product_id, 'Dish ' || n AS product_name, (n - 1) / 20 AS restaurant,
      dds.hash_key('h_category', 'Category ' || category) AS category_id, 'Category ' || category AS category_name
    FROM (SELECT n, ((n - 1) / 20 * 7 + (n - 1) % 6 * 5) % 30 AS category FROM generate_series(1, 2000) n) dishes;
  INSERT INTO cdm.product_names (product_id, product_name, valid_from) SELECT product_id, product_name, '2024-01-01' FROM dish;
  CREATE TEMP TABLE restaurant AS
    SELECT n, dds.hash_key('h_restaurant', 'restaurant' || n) AS restaurant_id,
      (SELECT array_agg(product_id ORDER BY dish.n) FROM dish WHERE restaurant = place.n) AS product_ids,
      (SELECT array_agg(category_id ORDER BY dish.n) FROM dish WHERE restaurant = place.n) AS category_ids
    FROM generate_series(0, 99) AS place (n);
  INSERT INTO cdm.restaurant_names (restaurant_id, restaurant_name, valid_from)
    SELECT restaurant_id, 'Restaurant ' || n, '2024-01-01' FROM restaurant;
  INSERT INTO cdm.users (user_id, source_user_id)
    SELECT dds.hash_key('h_user', 'user' || n), 'user' || n FROM generate_series(0, ${users - 1}) n;
  CREATE TEMP TABLE guest AS SELECT row_number() OVER () - 1 AS n, user_id FROM cdm.users;
  ANALYZE guest; ANALYZE restaurant;
  INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment,
    product_ids, category_ids, quantities, amounts)
  SELECT md5(number::text)::uuid, number, '1', user_id, restaurant_id, status, order_dt, cost, cost, lines.product_ids, lines.category_ids,
    lines.quantities, lines.amounts
  FROM (
    SELECT number, floor(${users} * random() ^ 2)::integer AS guest, floor(100 * random() ^ 2)::integer AS place,
      CASE WHEN random() < 0.9 THEN 'CLOSED' ELSE 'CANCELLED' END AS status,
      date_trunc('second', now() AT TIME ZONE 'UTC' - ${days} * (1 - number::float8 / ${orders}) * interval '1 day') AS order_dt,
      100 + floor(random() * 200000) / 100 AS cost, 1 + floor(random() * 5)::integer AS wanted, random() AS chance
    FROM generate_series(1, ${orders}) number
  ) drawn
  JOIN guest ON guest.n = drawn.guest JOIN restaurant ON restaurant.n = place,
  LATERAL (
    SELECT array_agg(product_ids[dish] ORDER BY dish) AS product_ids, array_agg(category_ids[dish] ORDER BY dish) AS category_ids,
      array_agg((1 + dish % 2)::numeric ORDER BY dish) AS quantities, array_agg(((1 + dish % 2) * (100 + dish))::numeric ORDER BY dish) AS amounts
    FROM (SELECT DISTINCT 1 + floor(20 * ((chance * 7919 * line)::numeric % 1) ^ 2)::integer AS dish FROM generate_series(1, wanted) line) chosen
  ) lines
  ORDER BY number;
  INSERT INTO dds.h_category (h_category_pk, category_name, load_src) SELECT DISTINCT category_id, category_name, 'nobody' FROM dish;
  UPDATE cdm.users AS known SET closed_order_cnt = counted.closed_order_cnt
    FROM (${recountUsers()}) AS counted WHERE known.user_id = counted.user_id;
  ${marts.map(fill).join('\n')}
  INSERT INTO cdm.counted_batches (partition, batch_cnt, counted_at) VALUES (0, 1, now())`;

function fill(mart: (typeof marts)[number]): string {
  const counted = `(${expectedRows(mart)}) AS counted`;
  if (mart.slots) {
    const names = mart.names.filter(({ table }) => table === undefined);
    const given = [...mart.grain, ...names, ...mart.measures].map(({ column }) => column).join(', ');
    return `INSERT INTO ${mart.slots.table} (${given}, slot) SELECT ${given}, 0 FROM ${counted};`;
  }
  const columns = mart.columns.map(({ name }) => name).join(', ');
  return `INSERT INTO cdm.${mart.name} (${columns}) SELECT ${columns} FROM ${counted};`;
}
