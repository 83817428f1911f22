import type { Client } from '@app/warehouse/warehouse';
import { joinBatches } from '../../apps/cdm/src/batches-in-hand';
import { holdUsers } from '../../apps/cdm/src/hold-users';
import { ledgerColumns, ledgerOfVault, userCategories, userProducts } from '../reconcile/expected-marts';
import { applyShared, markRebuilt, sharedDifferences } from './shared-differences';

/** The orders of the users that are held, as a table. */
const LEDGER = '(SELECT * FROM cdm.order_versions WHERE user_id = ANY ($1::uuid[]))';
const columns = ledgerColumns.join(', ');

/**
 * Makes ledger and counters of users again, as a batch would: they are held, and what all users share changes by as much as their orders
 * do. Whatever the ledger holds of them was in the vault before, so the vault that is read now tells no less.
 * @returns how many rows were written or removed
 */
export async function rebuildUsers(
  client: Client,
  users: string[],
): Promise<{ orders: number; counters: number }> {
  await joinBatches(client);
  await holdUsers(client, users);
  await client.query('CREATE TEMP TABLE told (LIKE cdm.order_versions INCLUDING DEFAULTS) ON COMMIT DROP');
  await client.query(`INSERT INTO told (${columns}) ${ledgerOfVault('h_user_pk = ANY ($1::uuid[])')}`, [
    users,
  ]);
  await client.query('ANALYZE told');
  const shared = await sharedDifferences(client, 'told', LEDGER, [users]);
  const orders = await writeLedger(client, users);
  const counters = await writeCounters(client, users);
  await applyShared(client, shared);
  if (orders + counters > 0) await markRebuilt(client);
  return { orders, counters };
}

/** A row that is right stays; another is written anew, under the number of this transaction, so that copies of the ledger notice. */
async function writeLedger(client: Client, users: string[]): Promise<number> {
  const gone = await client.query(
    /* sql */ `
    DELETE FROM cdm.order_versions ledger USING (
      SELECT ${columns} FROM ${LEDGER} AS ledger EXCEPT SELECT ${columns} FROM told
    ) AS wrong WHERE ledger.order_id = wrong.order_id`,
    [users],
  );
  const come = await client.query(
    /* sql */ `
    INSERT INTO cdm.order_versions (${columns})
    SELECT ${columns} FROM told EXCEPT SELECT ${columns} FROM ${LEDGER} AS ledger ORDER BY order_id`,
    [users],
  );
  return Math.max(gone.rowCount!, come.rowCount!);
}

async function writeCounters(client: Client, users: string[]): Promise<number> {
  const closed = await client.query(
    /* sql */ `
    UPDATE cdm.users guest SET closed_order_cnt = orders
    FROM (
      SELECT held, count(order_id)::integer AS orders FROM unnest($1::uuid[]) AS held
      LEFT JOIN cdm.order_versions ON user_id = held AND status = 'CLOSED' GROUP BY held
    ) AS counted WHERE user_id = held AND closed_order_cnt <> orders`,
    [users],
  );
  const products = await writeCountersOf(
    client,
    users,
    'product',
    /* sql */ `
    SELECT user_id, product_id, product_name, order_cnt FROM (${userProducts(LEDGER)}) AS counted
    JOIN cdm.product_names USING (product_id)`,
  );
  const categories = await writeCountersOf(
    client,
    users,
    'category',
    /* sql */ `
    SELECT user_id, h_category_pk AS category_id, category_name, order_cnt FROM (${userCategories(LEDGER)}) AS counted
    JOIN dds.h_category ON h_category_pk = category_id`,
  );
  return closed.rowCount! + products + categories;
}

async function writeCountersOf(
  client: Client,
  users: string[],
  thing: 'product' | 'category',
  expected: string,
): Promise<number> {
  const [table, names] = [`cdm.user_${thing}_counters`, `user_id, ${thing}_id, ${thing}_name, order_cnt`];
  const gone = await client.query(
    /* sql */ `
    DELETE FROM ${table} counter
    WHERE user_id = ANY ($1::uuid[]) AND (user_id, ${thing}_id) NOT IN (SELECT user_id, ${thing}_id FROM (${expected}) AS counted)`,
    [users],
  );
  const written = await client.query(
    /* sql */ `
    INSERT INTO ${table} (${names})
    SELECT ${names} FROM (${expected}) AS counted
    EXCEPT SELECT ${names} FROM ${table} WHERE user_id = ANY ($1::uuid[]) ORDER BY ${thing}_id, user_id
    ON CONFLICT (user_id, ${thing}_id) DO UPDATE SET ${thing}_name = EXCLUDED.${thing}_name, order_cnt = EXCLUDED.order_cnt`,
    [users],
  );
  return gone.rowCount! + written.rowCount!;
}
