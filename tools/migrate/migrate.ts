import 'reflect-metadata';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { CreateWarehouse1700000000000 } from '../../migrations/1700000000000-create-warehouse';

const migrations = [CreateWarehouse1700000000000];

/** Any number that nothing else in the database locks. */
const migrationLock = 7_305_811_428_170;

/**
 * Brings the schemas of a database up to date. Callers at once wait for one another.
 * @param databaseUrl as node-postgres takes it, `sslmode` and `sslrootcert` included.
 * @returns the names of the migrations that ran.
 * @throws a message without the password.
 */
export async function migrate(databaseUrl: string | undefined): Promise<string[]> {
  const place = withoutSecrets(databaseUrl);
  try {
    return await alone(databaseUrl!, () => runMigrations(databaseUrl!));
  } catch (error) {
    throw new Error(`Cannot migrate ${place}: ${reason(error)}`);
  }
}

/** Whether tools for reports have their role. */
export async function hasReportReader(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT FROM pg_roles WHERE rolname = 'report_reader'`);
    return rowCount === 1;
  } finally {
    await client.end();
  }
}

/** Holds a lock of the database while the work is done, on a connection of its own. */
async function alone<T>(connectionString: string, work: () => Promise<T>): Promise<T> {
  const lock = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  lock.on('error', () => {}); // the work's own connection fails for the same reason
  try {
    await lock.connect();
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return await work();
  } finally {
    await lock.end().catch(() => {}); // gives the lock back
  }
}

async function runMigrations(connectionString: string): Promise<string[]> {
  // Not `url`: TypeORM would take that apart itself and know nothing of sslmode.
  const warehouse = new DataSource({ type: 'postgres', extra: { connectionString }, migrations });
  await warehouse.initialize();
  try {
    const applied = await warehouse.runMigrations({ transaction: 'all' });
    return applied.map(({ name }) => name);
  } finally {
    await warehouse.destroy();
  }
}

/**
 * The place of a database, to be told.
 * @throws naming the variable, where it is missing or malformed.
 */
export function withoutSecrets(databaseUrl: string | undefined): string {
  const expected = 'postgres://user:password@host:port/database';
  if (!databaseUrl) throw new Error(`DATABASE_URL is missing: it is ${expected}.`);
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new Error(`DATABASE_URL is malformed: it is ${expected}, with special characters percent-encoded.`);
  }
  const { username, host, pathname } = new URL(databaseUrl);
  return `postgres://${username}@${host}${pathname}`;
}

/** A host with several addresses is refused with an error that holds one for each and says nothing itself. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
