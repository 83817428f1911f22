/** Values of PostgreSQL's settings, by name. */
export type Settings = Readonly<Record<string, string>>;

/** How a transaction begins. */
export interface Transaction {
  isolation: 'READ COMMITTED' | 'REPEATABLE READ';
  readOnly: boolean;
}

/**
 * What our statements and their answers depend on. An administrator may set each of these for the database or
 * for a role, and means other programs. All are set for one transaction alone, so a pooler may give each transaction
 * another connection.
 */
export const pinned: Settings = {
  // The driver sends and reads UTF-8.
  client_encoding: 'UTF8',
  // Times and bytes that become texts, and texts that become times, in SQL and in the driver.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  // float8 in full.
  extra_float_digits: '1',
  // What a text in quotes, NULL in the text of an array, and `= NULL` mean.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Names of tables are written with their schema. In an object of the same name elsewhere nothing may be found.
  search_path: 'pg_catalog',
  // Rows that a policy hides would be missing silently; now they are an error.
  row_security: 'off',
  // How long a statement may wait for a lock is part of statement_timeout.
  lock_timeout: '0',
};

/** The same, of settings that older servers do not have. */
const whereKnown: Settings = { transaction_timeout: '0' };

/** What the server says of a transaction that has begun. */
export interface Begun {
  /** Process of the server that does the work. */
  pid: number;
  /** When the transaction began, in seconds since 1970: with the process it names the transaction. */
  begun: string;
  isReadOnly: boolean;
  /**
   * Names the database and the start of its server: another one after a fail-over, a restore, a restart. Null on a
   * standby.
   */
  identity: string | null;
}

/**
 * Begins a transaction. It sets nothing but how long it may stand idle, in the same message: from now on it does so
 * between two messages. It does not say READ WRITE: a server that is nearly full is made read-only by a setting, and
 * stays so.
 */
export function beginStatement({ isolation, readOnly }: Transaction, settings: Settings): string {
  const idle = 'idle_in_transaction_session_timeout';
  return `BEGIN ISOLATION LEVEL ${isolation}${readOnly ? ' READ ONLY' : ''}; SET LOCAL ${idle} = '${settings[idle]}'`;
}

/**
 * Sets what the rest of a transaction depends on; answered with {@link Begun}. It is prepared: planning takes
 * PostgreSQL longer than to run it.
 */
export function settingsStatement(settings: Settings): { name: string; text: string } {
  const text = /* sql */ `
    SELECT pg_catalog.pg_backend_pid() AS pid, extract(epoch FROM pg_catalog.now())::pg_catalog.text AS begun,
      pg_catalog.current_setting('transaction_read_only') = 'on' AS "isReadOnly",
      CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
        pg_catalog.concat_ws(' ', extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
          (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) END AS identity, ${setAll(settings, true)}`;
  return { name: 'settings', text };
}

/** Sets the same for a whole session; answered with the process of the server. */
export function sessionStatement(settings: Settings): string {
  return `SELECT pg_catalog.pg_backend_pid() AS pid, ${setAll(settings, false)}`;
}

function setAll(settings: Settings, isLocal: boolean): string {
  const set = ([name, value]: [string, string]) => `pg_catalog.set_config('${name}', '${value}', ${isLocal})`;
  const setWhereKnown = (setting: [string, string]) =>
    `CASE WHEN pg_catalog.current_setting('${setting[0]}', true) IS NOT NULL THEN ${set(setting)} END`;
  return [
    ...Object.entries({ ...pinned, ...settings }).map(set),
    ...Object.entries(whereKnown).map(setWhereKnown),
  ].join(', ');
}
