import type { Client } from '@app/warehouse/warehouse';
import { workAsBatch } from '../../apps/cdm/src/ledger/batches-in-hand';
import { marts } from '../../apps/cdm/src/marts/marts';
import { recountUsers } from '../../apps/cdm/src/marts/recount';
import { CATEGORIES, expectedRows, ledgerColumns, ledgerOfVault } from '../reconcile/expected-marts';
import { applyShared, sharedDifferences } from './shared-differences';
import type { Vault } from './vault';

/** The orders of the users that are held, as a table. */
const LEDGER = '(SELECT * FROM cdm.order_versions WHERE user_id = ANY ($1::uuid[]))';
const columns = ledgerColumns.join(', ');

/**
 * Makes ledger and counters of users again, as a batch would: they are held, and what all users share changes by as
 * much as their orders do. Whatever the ledger holds of them was in the vault before, so the vault that is read now
 * says no less.
 * @returns how many rows were written or removed
 */
export async function rebuildUsers(
  client: Client,
  vault: Vault,
  users: string[],
): Promise<{ orders: number; counters: number }> {
  let orders = 0;
  let counters = 0;
  await workAsBatch(client, users, async () => {
    await client.query('CREATE TEMP TABLE given (LIKE cdm.order_versions INCLUDING DEFAULTS) ON COMMIT DROP');
    // All are UUIDs, by the type of the column: the query is sent to another server.
    const theirs = await vault.lendTo(
      client,
      'theirs',
      ledgerOfVault(`h_user_pk = ANY ('{${users.join(',')}}'::uuid[])`),
    );
    await client.query(`INSERT INTO given (${columns}) SELECT ${columns} FROM ${theirs} AS theirs`);
    const categories = await vault.lendTo(client, 'categories', CATEGORIES);
    await client.query('ANALYZE given');
    const shared = await sharedDifferences(client, 'given', LEDGER, [users]);
    orders = await writeLedger(client, users);
    counters = await writeCounters(client, categories, users);
    await applyShared(client, categories, shared);
    return orders + counters;
  });
  return { orders, counters };
}

/**
 * A row that is right stays; another is written again, under the number of this transaction, so that copies of the
 * ledger notice.
 */
async function writeLedger(client: Client, users: string[]): Promise<number> {
  const gone = await client.query(
    /* sql */ `
    DELETE FROM cdm.order_versions ledger USING (
      SELECT ${columns} FROM ${LEDGER} AS ledger EXCEPT SELECT ${columns} FROM given
    ) AS wrong WHERE ledger.user_id = wrong.user_id AND ledger.order_id = wrong.order_id`,
    [users],
  );
  const come = await client.query(
    /* sql */ `
    INSERT INTO cdm.order_versions (${columns})
    SELECT ${columns} FROM given EXCEPT SELECT ${columns} FROM ${LEDGER} AS ledger ORDER BY order_id`,
    [users],
  );
  return Math.max(gone.rowCount!, come.rowCount!);
}

async function writeCounters(client: Client, categories: string, users: string[]): Promise<number> {
  const closed = await client.query(
    /* sql */ `
    UPDATE cdm.users AS known SET closed_order_cnt = coalesce(counted.closed_order_cnt, 0)
    FROM unnest($1::uuid[]) AS held (user_id) LEFT JOIN (${recountUsers(LEDGER)}) AS counted USING (user_id)
    WHERE known.user_id = held.user_id AND known.closed_order_cnt <> coalesce(counted.closed_order_cnt, 0)`,
    [users],
  );
  let written = closed.rowCount!;
  for (const mart of marts.filter(({ slots }) => !slots)) {
    written += await writeMart(client, mart, categories, users);
  }
  return written;
}

async function writeMart(
  client: Client,
  mart: (typeof marts)[number],
  categories: string,
  users: string[],
): Promise<number> {
  const table = `cdm.${mart.name}`;
  const all = mart.columns.map(({ name }) => name).join(', ');
  const key = mart.grain.map(({ column }) => column).join(', ');
  const others = [...mart.names, ...mart.measures].map(({ column }) => column);
  const expected = expectedRows(mart, LEDGER, [], categories);
  const gone = await client.query(
    /* sql */ `
    DELETE FROM ${table}
    WHERE user_id = ANY ($1::uuid[]) AND (${key}) NOT IN (SELECT ${key} FROM (${expected}) AS expected)`,
    [users],
  );
  const written = await client.query(
    /* sql */ `
    INSERT INTO ${table} (${all})
    SELECT ${all} FROM (${expected}) AS expected
    EXCEPT SELECT ${all} FROM ${table} WHERE user_id = ANY ($1::uuid[]) ORDER BY ${key}
    ON CONFLICT (${key}) DO UPDATE SET ${others.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}`,
    [users],
  );
  return gone.rowCount! + written.rowCount!;
}
