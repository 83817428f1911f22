import type { Client } from '@app/warehouse/warehouse';
import { joinBatches } from '../../apps/cdm/src/batches-in-hand';
import { countOrdersOfRestaurants } from '../../apps/cdm/src/count-orders';
import type { CounterChange } from '../../apps/cdm/src/counter-changes';
import { markCounted } from '../../apps/cdm/src/mark-counted';
import type { PopularityChange } from '../../apps/cdm/src/popularity-changes';
import { fillSharedMarts, type SharedChanges } from '../../apps/cdm/src/shared-marts';
import { dailySales, popularity, restaurantCategories } from '../reconcile/expected-marts';

/** By how much the marts that all users share would have to change. */
export interface SharedDifferences extends SharedChanges {
  restaurantCategories: CounterChange[];
}

/** In `cdm.counted_batches` a rebuild counts as a partition that no topic has. */
const NO_PARTITION = -1;

/** Lets everybody see that the marts have changed. */
export function markRebuilt(client: Client): Promise<void> {
  return markCounted(client, NO_PARTITION);
}

/**
 * Corrects the marts that all users share by what they are off from the ledger. A batch changes both alike, in one transaction: what one
 * statement finds them off stays true while batches go on, and is added as a batch adds, without losing what others add meanwhile.
 * @returns how many rows were corrected
 */
export async function mendSharedMarts(client: Client): Promise<number> {
  await joinBatches(client);
  const off = await sharedDifferences(client, 'cdm.order_versions');
  await applyShared(client, off);
  const rows = Object.values(off).reduce((sum, { length }) => sum + length, 0) + (await mendNames(client));
  if (rows > 0) await markRebuilt(client);
  return rows;
}

/** Of rows that are there; new ones come with the names of now. */
async function mendNames(client: Client): Promise<number> {
  let corrected = 0;
  for (const [table, thing, names] of [
    ['restaurant_category_counters', 'restaurant', 'cdm.restaurant_names'],
    ['restaurant_category_counters', 'category', 'dds.h_category'],
    ['category_popularity', 'category', 'dds.h_category'],
  ] as const) {
    const key = thing === 'category' ? 'h_category_pk' : 'restaurant_id';
    const { rowCount } = await client.query(/* sql */ `
      UPDATE cdm.${table} mart SET ${thing}_name = named.${thing}_name FROM ${names} named
      WHERE mart.${thing}_id = named.${key} AND mart.${thing}_name <> named.${thing}_name`);
    corrected += rowCount!;
  }
  return corrected;
}

/**
 * Each list by one statement, in the order of keys.
 * @param expected the ledger that counts: a table, or a query in brackets
 * @param found another ledger; undefined: the marts as they stand
 * @param values the parameters of `found`
 */
export async function sharedDifferences(
  client: Client,
  expected: string,
  found?: string,
  values: unknown[] = [],
): Promise<SharedDifferences> {
  const differences = async (
    key: string[],
    counts: string[],
    table: string,
    mart: (ledger: string) => string,
  ) => {
    const there = found === undefined ? `SELECT * FROM cdm.${table}` : mart(found);
    const { rows } = await client.query<Record<string, string>>(
      differing(key, counts, mart(expected), there),
      values,
    );
    return rows;
  };
  const popular = async (thing: 'product' | 'category') => {
    const rows = await differences(
      [`${thing}_id`],
      ['order_cnt', 'user_cnt'],
      `${thing}_popularity`,
      (ledger) => popularity(thing, ledger),
    );
    return rows.map((row): PopularityChange => ({
      id: row[`${thing}_id`]!,
      orders: Number(row.order_cnt),
      users: Number(row.user_cnt),
    }));
  };
  const counters = await differences(
    ['restaurant_id', 'category_id'],
    ['order_cnt'],
    'restaurant_category_counters',
    restaurantCategories,
  );
  const sales = await differences(
    ['day', 'restaurant_id'],
    ['order_cnt', 'closed_order_cnt', 'cost', 'payment'],
    'daily_sales',
    dailySales,
  );
  return {
    restaurantCategories: counters.map(({ restaurant_id, category_id, order_cnt }) => ({
      grain: [restaurant_id!, category_id!],
      by: Number(order_cnt),
    })),
    sales: sales.map((row) => ({
      day: row.day!,
      restaurantId: row.restaurant_id!,
      orders: Number(row.order_cnt),
      closedOrders: Number(row.closed_order_cnt),
      cost: BigInt(row.cost!.replace('.', '')),
      payment: BigInt(row.payment!.replace('.', '')),
    })),
    products: await popular('product'),
    categories: await popular('category'),
  };
}

/** Counts as texts, with five decimals where they are money. */
function differing(key: string[], counts: string[], expected: string, found: string): string {
  const off = (column: string) => `coalesce(e.${column}, 0) - coalesce(f.${column}, 0)`;
  return /* sql */ `
    SELECT ${key.map((column) => `${column}::text`).join(', ')},
      ${counts.map((column) => `(${off(column)})::text AS ${column}`).join(', ')}
    FROM (${expected}) AS e FULL JOIN (${found}) AS f USING (${key.join(', ')})
    WHERE ${counts.map((column) => `${off(column)} <> 0`).join(' OR ')}
    ORDER BY ${key.map((column) => `${column}::text COLLATE "C"`).join(', ')}`;
}

/** In the order in which batches write. */
export async function applyShared(client: Client, differences: SharedDifferences): Promise<void> {
  const { restaurantCategories: counters, categories } = differences;
  const ids = [...counters.map(({ grain }) => grain[1]), ...categories.map(({ id }) => id)];
  const { rows } = await client.query<{ id: string; name: string }>(
    'SELECT h_category_pk AS id, category_name AS name FROM dds.h_category WHERE h_category_pk = ANY ($1::uuid[])',
    [ids],
  );
  const categoryNames = new Map(rows.map(({ id, name }) => [id, name]));
  await countOrdersOfRestaurants(client, counters, categoryNames);
  await fillSharedMarts(client, differences, categoryNames);
}
