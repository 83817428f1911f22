import { arrayText } from '@app/warehouse/bulk-insert';
import type { Client } from '@app/warehouse/warehouse';
import type { PopularityChange } from './popularity-changes';
import { moneyText, type SalesChange } from './sales-changes';

/** Each list in the order of its keys. */
export interface SharedChanges {
  sales: SalesChange[];
  products: PopularityChange[];
  categories: PopularityChange[];
}

/**
 * The marts that all users share, after their counters. Each is locked in the order of its keys, as it is written: rows that only grow
 * by an upsert, which goes through them in that order; others first. A row that falls to zero leaves.
 * @param categoryNames by hash key, of at least the categories that gain orders
 */
export async function fillSharedMarts(
  client: Client,
  { sales, products, categories }: SharedChanges,
  categoryNames: Map<string, string>,
): Promise<void> {
  await fillSales(client, sales);
  await fillProducts(client, products);
  await fillCategories(client, categories, categoryNames);
}

async function fillSales(client: Client, changes: SalesChange[]): Promise<void> {
  const [growing, others] = parted(
    changes,
    ({ orders, closedOrders, cost, payment }) =>
      orders > 0 && closedOrders >= 0 && cost >= 0n && payment >= 0n,
  );
  if (others.length > 0) {
    await client.query({
      name: 'lock_daily_sales',
      text: lockSales,
      values: salesArrays(changes).slice(0, 2),
    });
    await client.query({
      name: 'daily_sales_zeros',
      text: deleteSales,
      values: salesArrays(others).slice(0, 3),
    });
    await client.query({ name: 'daily_sales_change', text: changeSales, values: salesArrays(others) });
  }
  if (growing.length > 0) {
    await client.query({ name: 'daily_sales_grow', text: growSales, values: salesArrays(growing) });
  }
}

function salesArrays(changes: SalesChange[]): string[] {
  return [
    changes.map(({ day }) => day),
    changes.map(({ restaurantId }) => restaurantId),
    changes.map(({ orders }) => orders),
    changes.map(({ closedOrders }) => closedOrders),
    changes.map(({ cost }) => moneyText(cost)),
    changes.map(({ payment }) => moneyText(payment)),
  ].map(arrayText);
}

const lockSales = /* sql */ `
  SELECT FROM cdm.daily_sales JOIN unnest($1::date[], $2::uuid[]) AS change (day, restaurant_id) USING (day, restaurant_id)
  ORDER BY day, restaurant_id FOR UPDATE OF daily_sales`;

const deleteSales = /* sql */ `
  DELETE FROM cdm.daily_sales sales
  USING unnest($1::date[], $2::uuid[], $3::integer[]) AS change (day, restaurant_id, orders)
  WHERE sales.day = change.day AND sales.restaurant_id = change.restaurant_id AND order_cnt + orders = 0`;

const changeSales = /* sql */ `
  UPDATE cdm.daily_sales sales SET
    order_cnt = order_cnt + orders, closed_order_cnt = closed_order_cnt + closed_orders,
    cost = sales.cost + change.cost, payment = sales.payment + change.payment
  FROM unnest($1::date[], $2::uuid[], $3::integer[], $4::integer[], $5::numeric[], $6::numeric[])
    AS change (day, restaurant_id, orders, closed_orders, cost, payment)
  WHERE sales.day = change.day AND sales.restaurant_id = change.restaurant_id`;

const growSales = /* sql */ `
  INSERT INTO cdm.daily_sales AS sales (day, restaurant_id, order_cnt, closed_order_cnt, cost, payment)
  SELECT * FROM unnest($1::date[], $2::uuid[], $3::integer[], $4::integer[], $5::numeric[], $6::numeric[])
  ON CONFLICT (day, restaurant_id) DO UPDATE SET
    order_cnt = sales.order_cnt + EXCLUDED.order_cnt, closed_order_cnt = sales.closed_order_cnt + EXCLUDED.closed_order_cnt,
    cost = sales.cost + EXCLUDED.cost, payment = sales.payment + EXCLUDED.payment`;

async function fillProducts(client: Client, changes: PopularityChange[]): Promise<void> {
  const growing = await shrink(client, 'product', changes);
  if (growing.length > 0) {
    await client.query({
      name: 'product_popularity_grow',
      text: /* sql */ `
        INSERT INTO cdm.product_popularity AS popularity (product_id, order_cnt, user_cnt)
        SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[])
        ON CONFLICT (product_id) DO UPDATE SET
          order_cnt = popularity.order_cnt + EXCLUDED.order_cnt, user_cnt = popularity.user_cnt + EXCLUDED.user_cnt`,
      values: popularityArrays(growing),
    });
  }
}

async function fillCategories(
  client: Client,
  changes: PopularityChange[],
  names: Map<string, string>,
): Promise<void> {
  const growing = await shrink(client, 'category', changes);
  if (growing.length > 0) {
    await client.query({
      name: 'category_popularity_grow',
      text: /* sql */ `
        INSERT INTO cdm.category_popularity AS popularity (category_id, order_cnt, user_cnt, category_name)
        SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[])
        ON CONFLICT (category_id) DO UPDATE SET
          order_cnt = popularity.order_cnt + EXCLUDED.order_cnt, user_cnt = popularity.user_cnt + EXCLUDED.user_cnt`,
      values: [...popularityArrays(growing), arrayText(growing.map(({ id }) => names.get(id)!))],
    });
  }
}

/**
 * Writes the changes that are no mere growth: of rows that are there, since something in them goes.
 * @returns the others
 */
async function shrink(
  client: Client,
  thing: 'product' | 'category',
  changes: PopularityChange[],
): Promise<PopularityChange[]> {
  // What an upsert proposes must pass the checks of the table, though it is only added.
  const [growing, others] = parted(changes, ({ orders, users }) => orders > 0 && users >= 0);
  if (others.length > 0) {
    await client.query({
      name: `lock_${thing}_popularity`,
      text: `SELECT FROM cdm.${thing}_popularity WHERE ${thing}_id = ANY ($1::uuid[]) ORDER BY ${thing}_id FOR UPDATE`,
      values: popularityArrays(changes).slice(0, 1),
    });
    await client.query({
      name: `${thing}_popularity_zeros`,
      text: /* sql */ `
        DELETE FROM cdm.${thing}_popularity USING unnest($1::uuid[], $2::integer[]) AS change (id, orders)
        WHERE ${thing}_id = id AND order_cnt + orders = 0`,
      values: popularityArrays(others).slice(0, 2),
    });
    await client.query({
      name: `${thing}_popularity_change`,
      text: /* sql */ `
        UPDATE cdm.${thing}_popularity SET order_cnt = order_cnt + orders, user_cnt = user_cnt + users
        FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS change (id, orders, users) WHERE ${thing}_id = id`,
      values: popularityArrays(others),
    });
  }
  return growing;
}

function popularityArrays(changes: PopularityChange[]): string[] {
  return [
    changes.map(({ id }) => id),
    changes.map(({ orders }) => orders),
    changes.map(({ users }) => users),
  ].map(arrayText);
}

/** Those of which the condition holds, and the others. */
function parted<T>(all: T[], condition: (one: T) => boolean): [T[], T[]] {
  return [all.filter(condition), all.filter((one) => !condition(one))];
}
