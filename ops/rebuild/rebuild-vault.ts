import type { VaultTable } from '@app/data-vault/declare';
import type { Client } from '@app/warehouse/warehouse';
import { fillVault } from '../../apps/dds/src/vault/fill-vault';
import { orderTable, vaultTables } from '../../apps/dds/src/vault/vault';
import { readStaged } from '../../apps/stg/src/staging/read-staged';
import { compare } from '../reconcile/check';
import { findDifferences, type Difference } from '../reconcile/reconcile';
import type { Lender } from '../servers/lend';
import type { Warehouses } from '../servers/with-warehouse';
import { alone } from './alone';

export interface VaultOptions {
  /** Whether anything is written. */
  execute: boolean;
  /** Whether rows that staging does not know are removed, and rows that contradict it corrected. */
  removeWrong: boolean;
  /** Versions that were staged, and rows that were loaded, within so many seconds are left to dds. */
  graceSeconds: number;
  /** Rows that are shown of each difference. */
  shown: number;
}

/** Rows that are inserted at a time, for the patience of dds, which may want to insert the same. */
const STEP_ROWS = 5_000;

/** `key`: columns of its primary key; `values`: the others, about orders. */
interface Table extends VaultTable {
  key: string[];
  values: string[];
}

/**
 * Makes the vault again from staging: first into temporary tables, by the code of dds, and then what of it the vault
 * lacks is inserted. Interrupted, it leaves a vault with some more of its rows; the next run does the rest.
 * @param say gets one line a part
 * @returns in what the vault differs: before, or, where something was written, afterwards
 */
export async function rebuildVault(
  { stg, dds }: Warehouses,
  { execute, removeWrong, graceSeconds, shown }: VaultOptions,
  say: (line: string) => void,
): Promise<Difference[]> {
  return alone(dds, undefined, (checkLocks) =>
    dds.session(async (client) => {
      const withStaging: Lender = (work) => (stg === dds ? work(client) : stg.session(work));
      const { rows } = await client.query<{ before: string }>(
        `SELECT (now() - make_interval(secs => $1))::text AS before`,
        [graceSeconds],
      );
      const { before } = rows[0]!;
      const tables = await prepareTables(client);
      say(`${await fillTables(client, withStaging, before, tables)} order versions of staging are read`);
      if (execute) {
        await checkLocks();
        if (removeWrong) {
          say(`${await removeOthers(client, tables, before)} rows removed`);
        }
        for (const table of tables) {
          await checkLocks();
          if (removeWrong) {
            await correct(client, table, say);
          }
          await insertMissing(client, table, say);
        }
      }
      return differences(client, tables, before, shown);
    }),
  );
}

/** Empty tables like those of the vault; they belong to the connection and end with it. */
async function prepareTables(client: Client): Promise<Table[]> {
  const tables: Table[] = [];
  for (const table of [orderTable, ...vaultTables]) {
    await client.query(
      `CREATE TEMP TABLE ${table.name} (LIKE dds.${table.name} INCLUDING DEFAULTS INCLUDING INDEXES)`,
    );
    const key = table.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
    // Which version of an order was loaded first is not known any more.
    const others = table === orderTable ? [...key, 'order_dt'] : key;
    const values = table.columns.map(({ name }) => name).filter((column) => !others.includes(column));
    tables.push({ ...table, key, values });
  }
  return tables;
}

/** @returns how many order versions were read */
async function fillTables(
  client: Client,
  withStaging: Lender,
  before: string,
  tables: Table[],
): Promise<number> {
  const versions = await withStaging((staging) => fillVault(client, 'pg_temp', readStaged(staging, before)));
  for (const { name } of tables) {
    await client.query(`ANALYZE pg_temp.${name}`);
  }
  return versions;
}

/** Children before parents. */
async function removeOthers(client: Client, tables: Table[], before: string): Promise<number> {
  let removed = 0;
  for (const { name, key } of tables.toReversed()) {
    const { rowCount } = await client.query(
      /* sql */ `
      DELETE FROM dds.${name} stored
      WHERE load_dt < $1 AND NOT EXISTS (SELECT FROM pg_temp.${name} given WHERE ${equal(key)})`,
      [before],
    );
    removed += rowCount!;
  }
  return removed;
}

async function correct(
  client: Client,
  { name, key, values }: Table,
  say: (line: string) => void,
): Promise<void> {
  if (values.length === 0) {
    return;
  }
  const row = (from: string) => `ROW(${values.map((column) => `${from}.${column}`).join(', ')})`;
  const { rowCount } = await client.query(/* sql */ `
    UPDATE dds.${name} stored SET (${values.join(', ')}) = ${row('given')} FROM pg_temp.${name} given
    WHERE ${equal(key)} AND ${row('stored')} IS DISTINCT FROM ${row('given')}`);
  if (rowCount! > 0) {
    say(`dds.${name}: ${rowCount} rows corrected`);
  }
}

/** @throws where rows that contradict staging stand in the way */
async function insertMissing(
  client: Client,
  { name, key, columns, bucket }: Table,
  say: (line: string) => void,
): Promise<void> {
  const list = [...columns, ...(bucket ? [bucket] : [])]
    .map((column) => column.name)
    .concat('load_src')
    .join(', ');
  const missing = `FROM pg_temp.${name} given WHERE NOT EXISTS (SELECT FROM dds.${name} stored WHERE ${equal(key)})`;
  let inserted = 0;
  for (let step = STEP_ROWS; step > 0;) {
    const { rowCount } = await client.query(/* sql */ `
      INSERT INTO dds.${name} (${list}) SELECT ${list} ${missing} ORDER BY ${key.join(', ')} LIMIT ${STEP_ROWS}
      ON CONFLICT DO NOTHING`);
    step = rowCount!;
    inserted += step;
  }
  if (inserted > 0) {
    say(`dds.${name}: ${inserted} rows inserted`);
  }
  const { rows } = await client.query<{ left: number }>(`SELECT count(*)::integer AS left ${missing}`);
  if (rows[0]!.left > 0) {
    throw new Error(
      `${rows[0]!.left} rows of dds.${name} cannot be inserted, since others contradict them: --remove-wrong removes those`,
    );
  }
}

function equal(key: string[]): string {
  return key.map((column) => `stored.${column} = given.${column}`).join(' AND ');
}

function differences(client: Client, tables: Table[], before: string, shown: number): Promise<Difference[]> {
  const checks = tables.map(({ name, key, values }) =>
    compare({
      table: `dds.${name}`,
      against: 'staging',
      key,
      values,
      expected: `SELECT * FROM pg_temp.${name}`,
      found: `SELECT * FROM dds.${name}`,
      isOnItsWay: `e.is_there IS NULL AND f.load_dt >= '${before}'`,
    }),
  );
  return findDifferences({ stg: client, dds: client, cdm: client }, checks, shown);
}
