import type { Client } from 'pg';

export interface Statement {
  /** The schema that it works on; empty for one that names none, as COMMIT. */
  schema: string;
  /** Its beginning, on one line. */
  text: string;
  calls: number;
  rows: number;
  seconds: number;
  /** Pages of tables and indexes that it looked at, each time counted. */
  pages: number;
  walBytes: number;
}

const BEGINNING = 80;

/**
 * Forgets what was counted so far, if PostgreSQL counts at all: it needs the module pg_stat_statements loaded at its
 * start.
 */
export async function resetStatements(database: Client): Promise<void> {
  if (await isCounted(database)) {
    await database.query('SELECT pg_stat_statements_reset()');
  }
}

/**
 * What a database has been asked since the reset, the most time-consuming first; nothing where PostgreSQL does not
 * count.
 */
export async function readStatements(database: Client, name: string): Promise<Statement[]> {
  if (!(await isCounted(database))) {
    return [];
  }
  const { rows } = await database.query<{ query: string } & Omit<Statement, 'schema' | 'text'>>(
    /* sql */ `
    SELECT query, calls::float8 AS calls, rows::float8 AS rows, total_exec_time / 1000 AS seconds,
      (shared_blks_hit + shared_blks_read)::float8 AS pages, wal_bytes::float8 AS "walBytes"
    FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = $1 ORDER BY seconds DESC`,
    [name],
  );
  return rows.map(({ query, ...numbers }) => ({
    schema: /\b(stg|dds|cdm)\./.exec(query)?.[1] ?? '',
    text: query.replaceAll(/\s+/g, ' ').trim().slice(0, BEGINNING),
    ...numbers,
  }));
}

/** Seconds of the statements on one schema. */
export function schemaSeconds(statements: readonly Statement[], schema: string): number {
  return statements.filter((one) => one.schema === schema).reduce((sum, { seconds }) => sum + seconds, 0);
}

async function isCounted(database: Client): Promise<boolean> {
  const { rows } = await database.query<{ loaded: string }>(
    `SELECT current_setting('shared_preload_libraries') AS loaded`,
  );
  if (!rows[0]!.loaded.includes('pg_stat_statements')) {
    return false;
  }
  await database.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  return true;
}
