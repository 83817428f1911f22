import type { ScratchDatabase } from './scratch-database';

/** Rows by table, each as one text. */
export type Dump = Record<string, string[]>;

/** How often a parked order was tried: it goes on while nothing else happens. */
const patience = ['attempts', 'next_attempt_at'];

/** Everything in the three schemas, also when each row was loaded. */
export async function dumpTables(database: ScratchDatabase): Promise<Dump> {
  const tables = await database.rows<{ name: string; columns: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name,
       string_agg(format('%I', column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema IN ('stg', 'dds', 'cdm') AND table_type = 'BASE TABLE' AND column_name <> ALL ($1)
     GROUP BY 1 ORDER BY 1`,
    [patience],
  );
  const dump: Dump = {};
  for (const { name, columns } of tables) {
    const rows = await database.rows<{ row: string }>(
      `SELECT ROW(${columns})::text COLLATE "C" AS row FROM ${name} ORDER BY 1`,
    );
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}
