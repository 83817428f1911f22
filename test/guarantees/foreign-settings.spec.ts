import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Warehouse } from '@app/warehouse/warehouse';
import { migrate } from '../../ops/migrate/migrate';
import { Pipeline } from '../harness/pipeline';
import { runTool } from '../harness/run-tool';
import { findDifferences } from './crash/find-differences';
import { drawSeed, isLong } from '../history/seed';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';

/*
 * An administrator may set for a database, or for a role, what PostgreSQL allows: with other programs in mind. It
 * changes no row, no message and no answer, or the service says which setting is in the way.
 */
const settings: Record<string, string> = {
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Asia/Kathmandu',
  timezone_abbreviations: 'Australia',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  client_encoding: 'WIN1251',
  standard_conforming_strings: 'off',
  backslash_quote: 'on',
  array_nulls: 'off',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  xmloption: 'document',
  search_path: 'nowhere',
  row_security: 'off',
  check_function_bodies: 'off',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  synchronous_commit: 'off',
  statement_timeout: '3s',
  lock_timeout: '1ms',
  idle_in_transaction_session_timeout: '1ms',
  idle_session_timeout: '4s',
  transaction_timeout: '3s',
  client_min_messages: 'debug1',
  track_activities: 'off',
  exit_on_error: 'on',
  lo_compat_privileges: 'on',
  'plpgsql.variable_conflict': 'use_column',
  jit: 'on',
  jit_above_cost: '0',
  plan_cache_mode: 'force_generic_plan',
  max_parallel_workers_per_gather: '8',
  parallel_setup_cost: '0',
  parallel_tuple_cost: '0',
  min_parallel_table_scan_size: '0',
  enable_hashjoin: 'off',
  enable_hashagg: 'off',
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_sort: 'off',
  from_collapse_limit: '1',
  join_collapse_limit: '1',
  geqo_threshold: '2',
  constraint_exclusion: 'on',
  work_mem: '64kB',
  // A process more for every statement.
  ...(isLong ? { debug_parallel_query: 'on' } : {}),
};
const roles = ['order_vault_stg', 'order_vault_dds', 'order_vault_cdm', 'order_vault_operator'];

describe('settings of a database that are meant for others', () => {
  const pipeline = new Pipeline(inject('stack'));
  const { database } = pipeline;
  const name = new URL(database.url).pathname.slice(1);
  let traffic: Traffic;
  /** Those that this server knows. */
  let known: string[];

  beforeAll(async () => {
    await pipeline.prepare({ migrated: false });
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS name WHERE current_setting(name, true) IS NOT NULL OR name LIKE 'plpgsql.%'`,
      [Object.keys(settings)],
    );
    known = rows.map((row) => row.name);
    traffic = new Traffic(pipeline, {
      seed: drawSeed(),
      orders: isLong ? 1_000 : 120,
      users: 40,
      restaurants: 5,
    });
  });

  afterAll(() => pipeline.remove());

  async function set(scope: string): Promise<void> {
    for (const setting of known) {
      const value = setting === 'search_path' ? settings[setting]! : `'${settings[setting]!}'`;
      await database.rows(`ALTER ${scope} SET ${setting} = ${value}`);
    }
  }

  async function answers(): Promise<unknown[]> {
    const { url } = pipeline.service('cdm');
    const paths = [
      'summary',
      'popularity/products?by=users&from=2001-01-01',
      'popularity/restaurants',
      'timeline?step=day',
      'tag-rules',
    ];
    const headers = { 'X-Request-Id': 'one' };
    const api = await Promise.all(
      paths.map(async (path) => (await fetch(`${url}/api/${path}`, { headers })).text()),
    );
    const DATABASE_URL = database.loginUrls.operator;
    const tools = [];
    for (const [tool, ...args] of [
      ['reconcile', '--json', '--grace', '0'],
      ['parked', 'list'],
      // Without a time in which a version may be on its way: it would pass between the first answers and the second.
      ['rebuild', 'dds', '--grace', '0'],
      ['rebuild', 'cdm', '--grace', '0'],
    ]) {
      tools.push(await runTool(tool!, args, { DATABASE_URL }));
    }
    return [...api, ...tools];
  }

  it('change nothing that is migrated', async () => {
    await set(`DATABASE ${name}`);
    await migrate(database.url);
    await migrate(database.url);
    await database.rows(`ALTER DATABASE ${name} RESET ALL`);
    const rows = await database.rows(
      `SELECT count(*)::integer AS lists FROM pg_class WHERE relname = 'migrations'`,
    );
    expect(rows).toEqual([{ lists: 1 }]);
  });

  it('change no row and no message', async () => {
    for (const role of roles) {
      await set(`ROLE ${role} IN DATABASE ${name}`);
    }
    await traffic.open();
    await pipeline.start();
    await traffic.send(Math.floor(traffic.length / 2));
    await traffic.complete();
    await traffic.send();
    await untilSettled(pipeline, 180_000);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 300_000);

  it('change no answer, and nothing that a tool prints', async () => {
    const hostile = await answers();
    for (const role of roles) {
      await database.rows(`ALTER ROLE ${role} IN DATABASE ${name} RESET ALL`);
    }
    await pipeline.service('cdm').restart();
    expect(hostile).toEqual(await answers());
  }, 300_000);

  it.each([
    ['default_transaction_read_only', 'on', /takes no writes.*default_transaction_read_only/],
    ['session_replication_role', 'replica', /session_replication_role of DATABASE_URL is replica/],
  ])('are named where they cannot be helped: %s', async (setting, value, words) => {
    const role = `ROLE order_vault_stg IN DATABASE ${name}`;
    await database.rows(`ALTER ${role} SET ${setting} = ${value}`);
    const warehouse = new Warehouse(database.loginUrls.stg, 'test', 1);
    try {
      await expect(warehouse.transaction((client) => client.query('SELECT'))).rejects.toThrow(words);
    } finally {
      await warehouse.onApplicationShutdown();
      await database.rows(`ALTER ${role} RESET ${setting}`);
    }
  });

  it('end a migration, and work, where names of all scripts have no room', async () => {
    const latin = `${name}_latin`;
    await database.rows(
      `CREATE DATABASE ${latin} ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'`,
    );
    const url = new URL(database.url);
    url.pathname = `/${latin}`;
    const warehouse = new Warehouse(url.href, 'test', 1);
    try {
      await expect(migrate(url.href)).rejects.toThrow(
        /encoding is LATIN1.*ENCODING 'UTF8' TEMPLATE template0/,
      );
      await expect(warehouse.read((client) => client.query('SELECT'))).rejects.toThrow(
        /has the encoding LATIN1/,
      );
    } finally {
      await warehouse.onApplicationShutdown();
      await database.rows(`DROP DATABASE ${latin}`);
    }
  });
});
