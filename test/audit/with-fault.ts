import type { ScratchDatabase } from '../harness/scratch-database';
import type { Fault } from './faults';

/** Keeps what tables hold now, so that what is changed by hand can be put back. The services must be stopped. */
export async function keepTables(database: ScratchDatabase): Promise<void> {
  await database.rows('CREATE SCHEMA kept');
  const tables = await database.rows<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('stg', 'dds', 'cdm')`,
  );
  for (const { name } of tables) {
    await database.rows(`CREATE TABLE ${keptName(name)} AS TABLE ${name}`);
  }
}

/**
 * Does the work while a row is wrong.
 * @param work gets the key of the row
 */
export async function withFault(
  database: ScratchDatabase,
  { plant }: Fault,
  work: (key: Record<string, string>) => Promise<void>,
): Promise<void> {
  const [key, ...others] = await byHand<Record<string, string>>(database, [plant]);
  if (!key || others.length > 0) {
    throw new Error(`${plant} changes ${others.length + Number(key !== undefined)} rows`);
  }
  try {
    await work(key);
  } finally {
    const tables = new Set(plant.match(/(?<=(?:UPDATE|DELETE FROM|INSERT INTO) )\w+\.\w+/g));
    await byHand(
      database,
      [...tables].flatMap((table) => [
        `DELETE FROM ${table}`,
        `INSERT INTO ${table} SELECT * FROM ${keptName(table)}`,
      ]),
    );
  }
}

/**
 * As a damaged server changes rows: no foreign key and no trigger is in the way.
 * @returns what the last statement answers
 */
async function byHand<Row extends object>(database: ScratchDatabase, statements: string[]): Promise<Row[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    let rows: Row[] = [];
    for (const statement of statements) {
      ({ rows } = await client.query<Row>(statement));
    }
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

function keptName(table: string): string {
  return `kept.${table.replace('.', '_')}`;
}
