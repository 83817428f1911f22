import 'reflect-metadata';
import pg from 'pg';
import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { OLDEST_SERVICE, SCHEMA_VERSION } from '@app/warehouse/schema-version';
import { beginStatement, settingsStatement } from '@app/warehouse/settings';
import { entityClasses } from './entity-classes';
import { deriveSchema } from './derive-schema';
import { findMigrations } from './find-migrations';
import { firstConnection } from './first-connection';
import { reason, withoutSecrets } from '../servers/without-secrets';

/** Any number that nothing else in the database locks. */
const migrationLock = 7_305_811_428_170;

/**
 * Brings the schemas of a database up to date. Callers at once wait for one another. A server that is not there yet is
 * waited for, a minute at most.
 * @param databaseUrl as node-postgres takes it, `sslmode` and `sslrootcert` included.
 * @param variable that holds it
 * @returns the names of the migrations that ran.
 * @throws a message without the password.
 */
export async function migrate(databaseUrl: string | undefined, variable?: string): Promise<string[]> {
  const place = withoutSecrets(databaseUrl, variable);
  try {
    const schema = await checkDatabase(databaseUrl!, variable);
    return await runMigrations(databaseUrl!, schema);
  } catch (error) {
    throw new Error(`Cannot migrate ${place}: ${reason(error)}`);
  }
}

/** Whether tools for reports have their role. */
export async function hasReportReader(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT FROM pg_roles WHERE rolname = 'report_reader'`);
    return rowCount === 1;
  } finally {
    await client.end();
  }
}

/**
 * Looks at what a migration cannot change.
 * @returns in which schema the list of migrations is, or will be
 * @throws naming what is wrong, and what to do
 */
async function checkDatabase(connectionString: string, variable?: string): Promise<string> {
  const client = await firstConnection(connectionString, variable);
  try {
    const { rows } = await client.query<{
      encoding: string;
      crypto: string | null;
      schema: string | null;
    }>(/* sql */ `
      SELECT current_setting('server_encoding') AS encoding,
        (SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'pgcrypto') AS crypto,
        (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
         WHERE c.oid = coalesce(to_regclass('public.migrations'), to_regclass('migrations'))) AS schema`);
    const { encoding, crypto, schema } = rows[0]!;
    if (encoding !== 'UTF8') {
      throw new Error(
        `its encoding is ${encoding}, and names come in all scripts. Create it with ENCODING 'UTF8' TEMPLATE template0`,
      );
    }
    if (crypto !== null && crypto !== 'public') {
      throw new Error(
        `the extension pgcrypto is in the schema ${crypto}. Run ALTER EXTENSION pgcrypto SET SCHEMA public`,
      );
    }
    return schema ?? 'public';
  } finally {
    await client.end().catch(() => {});
  }
}

/** All in one transaction, which also holds the lock: so a pooler may stand between. */
async function runMigrations(connectionString: string, schema: string): Promise<string[]> {
  // Not `url`: TypeORM would take that apart itself and know nothing of sslmode.
  const source = new DataSource({
    type: 'postgres',
    schema,
    driver: pg, // TypeORM would look for it in node_modules
    extra: { connectionString },
    migrations: await findMigrations(),
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    const settings = {
      statement_timeout: '0',
      idle_in_transaction_session_timeout: '0',
      search_path: schema, // where TypeORM makes its sequence
    };
    await runner.query(beginStatement({ isolation: 'READ COMMITTED', readOnly: false }, settings));
    await runner.query(settingsStatement(settings).text);
    await runner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'none'; // it has begun
    const applied = await executor.executePendingMigrations();
    if (await isNewest(runner)) {
      await deriveSchema(runner, await entityClasses());
      await runner.query(noteVersion, [SCHEMA_VERSION, OLDEST_SERVICE]);
    }
    await runner.query('COMMIT');
    return applied.map(({ name }) => name);
  } finally {
    await runner.release();
    await source.destroy();
  }
}

/** An older release that runs after a newer one changes nothing. */
async function isNewest(runner: QueryRunner): Promise<boolean> {
  const newer = (await runner.query('SELECT FROM pipeline.schema_version WHERE version > $1', [
    SCHEMA_VERSION,
  ])) as object[];
  return newer.length === 0;
}

const noteVersion = /* sql */ `
  MERGE INTO pipeline.schema_version known USING (SELECT $1::bigint AS version, $2::bigint AS oldest_service) given ON true
  WHEN MATCHED THEN UPDATE SET version = given.version, oldest_service = given.oldest_service
  WHEN NOT MATCHED THEN INSERT VALUES (given.version, given.oldest_service)`;
