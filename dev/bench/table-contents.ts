import type { Client } from 'pg';
import { marts } from '../../apps/cdm/src/marts/marts';
import type { Column } from './floor-statements';

/** Rows and a digest of them, by table; the order of rows and what says when they were loaded make no difference. */
export type Contents = Record<string, string>;

/** What PostgreSQL gives itself. */
const GIVEN = ['id', 'load_dt', 'change_id'];
/** They are about batches, and about what the auditor has looked at, not about orders. */
const OF_OTHER_THINGS = ['counted_batches', 'audit_rounds', 'audit_findings'];

/** The columns of a table that say something about orders. */
export async function readColumns(database: Client, table: string): Promise<Column[]> {
  const { rows } = await database.query<Column>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2) ORDER BY attnum`,
    [table, GIVEN],
  );
  return rows;
}

/** What all tables of the three schemas hold of orders; of marts in slots their sums, which are views. */
export async function readContents(database: Client): Promise<Contents> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm') AND relname <> ALL ($1)
       AND (relkind = 'r' OR relkind = 'v' AND relnamespace = 'cdm'::regnamespace)
       AND c.oid <> ALL ($2::text[]::regclass[]) ORDER BY 1`,
    [OF_OTHER_THINGS, marts.flatMap(({ slots }) => slots?.table ?? [])],
  );
  const contents: Contents = {};
  for (const { name } of tables) {
    const columns = await readColumns(database, name);
    const row = `ROW(${columns.map((column) => column.name).join(', ')})::text`;
    const { rows } = await database.query<{ contents: string }>(
      `SELECT format('%s rows with digest %s', count(*), coalesce(sum(hashtextextended(${row}, 0)), 0)) AS contents FROM ${name}`,
    );
    contents[name] = rows[0]!.contents;
  }
  return contents;
}

/** @throws naming the tables that differ */
export function failOnOtherContents(found: Contents, expected: Contents): void {
  const differing = Object.keys(expected).filter((table) => found[table] !== expected[table]);
  if (differing.length > 0) {
    const lines = differing.map((table) => `${table} has ${found[table]}, not ${expected[table]}`);
    throw new Error(`The floor did not write the rows of the services:\n  ${lines.join('\n  ')}`);
  }
}
