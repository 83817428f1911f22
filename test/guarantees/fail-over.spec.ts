import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { SCHEMA_VERSION } from '@app/warehouse/schema-version';
import { migrate } from '../../ops/migrate/migrate';
import { Bouncer } from '../harness/bouncer';
import { lacks } from '../harness/needs';
import { sources, type Pipeline } from '../harness/pipeline';
import { PostgresNode } from '../harness/postgres-node';
import { ScratchDatabase } from '../harness/scratch-database';
import { SilentProxy } from '../harness/silent-proxy';
import type { ServiceName } from '../harness/service-process';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { isLong } from '../history/seed';
import { logged } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { figure, untilSeen } from './crash/until-seen';

/*
 * Guarantees 1, 2 and 5, where the database is not the one that the services have filled: a replica that was behind is
 * promoted, a backup is restored, a volume is empty. What it lacks is read again, without an operator. And a server
 * that takes no writes is left by rule.
 */
const ORDERS = isLong ? 3_000 : 300;
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const HEAL_MS = 120_000;

/** It is stopped, and has the schemas of which each pipeline gets a copy. */
let migrated: PostgresNode;

beforeAll(async () => {
  migrated = await PostgresNode.create();
  const database = new ScratchDatabase(migrated.url(), 'first');
  await database.create();
  await database.drop();
  await migrated.stop();
});
afterAll(() => migrated.remove());

async function newServer(): Promise<PostgresNode> {
  const server = await migrated.copy();
  await server.start();
  return server;
}

describe('another server behind the same address', () => {
  it('promoted although it was behind: what it lacks is read again', async () => {
    const { nodes, primary, proxy, pipeline, traffic } = await behindProxy();
    const standby = await withStandby(nodes);
    await pipeline.start();
    await traffic.send(Math.floor(traffic.length / 3));
    await pipeline.settled();
    await caughtUp(primary, standby);
    await standby.cutOff();
    await traffic.send(Math.floor(traffic.length / 3));
    await pipeline.settled();

    const stored = await orders(pipeline, primary);
    await primary.stop('SIGQUIT');
    await standby.promote();
    expect(await orders(pipeline, standby)).toBeLessThan(stored);
    proxy.switchTo(standby.port);
    const begin = Date.now();
    await allIsStored(pipeline);
    console.log(`promoted: all is stored again after ${seconds(begin)} s`);
    expect(await differencesAtLast(pipeline, traffic)).toEqual([]);
    const stg = pipeline.service('stg');
    expect(logged(stg, 'error').join('\n')).toMatch(
      /the database holds less than was stored in it: reading goes back","topic":".*","partition":\d,"from":"\d+","to":"\d+"/,
    );
    expect(await figure(stg, 'order_vault_rewinds_total')).toBeGreaterThan(0);
  }, 600_000);

  it
    .skipIf(lacks('pgbouncer'))
    .each(isLong ? (['transaction', 'session'] as const) : (['transaction'] as const))(
    'that PgBouncer was switched to, in its mode of %ss, is found: what it lacks is read again',
    async (mode) => {
      const { nodes, primary, proxy, pipeline, traffic } = await behindProxy();
      const standby = await withStandby(nodes);
      const direct = (name: ServiceName) => {
        const url = new URL(pipeline.database.loginUrls[name]);
        url.port = String(primary.port);
        return url.href;
      };
      const bouncer = new Bouncer(services.map(direct), mode, 10);
      await bouncer.start();
      onTestFinished(() => bouncer.stop());
      const replicas = services.map((name) =>
        pipeline.replica(name, { DATABASE_URL: bouncer.url(direct(name)) }),
      );
      await Promise.all(replicas.map((replica) => replica.start()));
      await traffic.send(Math.floor(traffic.length / 3));
      await pipeline.settled();
      await caughtUp(primary, standby);
      await standby.cutOff();
      await traffic.send(Math.floor(traffic.length / 3));
      await pipeline.settled();

      await standby.promote();
      bouncer.switchTo(standby.url());
      await primary.stop('SIGQUIT');
      proxy.switchTo(standby.port);
      const begin = Date.now();
      await allIsStored(pipeline);
      console.log(`PgBouncer (${mode}s) switched: all is stored again after ${seconds(begin)} s`);
      expect(await differencesAtLast(pipeline, traffic)).toEqual([]);
      expect(logged(replicas[0]!, 'error').join('\n')).toContain('reading goes back');
      expect(await figure(replicas[0]!, 'order_vault_rewinds_total')).toBeGreaterThan(0);
    },
    600_000,
  );

  it('where the old one has become read-only: it is left, though its connections stand', async () => {
    const { nodes, primary, proxy, pipeline, traffic } = await behindProxy();
    const standby = await withStandby(nodes);
    await pipeline.start();
    await traffic.send(Math.floor(traffic.length / 2));
    await pipeline.settled();
    await caughtUp(primary, standby);
    await primary.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await primary.query('SELECT pg_reload_conf()');
    await caughtUp(primary, standby);
    await standby.promote();
    proxy.switchTo(standby.port);
    const begin = Date.now();
    // The connections of this test go; those of the services stand.
    await primary.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname IS NOT NULL AND application_name NOT LIKE 'order-vault %' AND pid <> pg_backend_pid()`);
    await traffic.send(60);
    await allIsStored(pipeline);
    console.log(`read-only: all is stored after ${seconds(begin)} s`);
    expect(await differencesAtLast(pipeline, traffic)).toEqual([]);
  }, 600_000);

  it('restored from an older copy while the services are stopped: they read again what it lacks', async () => {
    const { nodes, primary, proxy, pipeline, traffic } = await behindProxy();
    await pipeline.start();
    await traffic.send(Math.floor(traffic.length / 3));
    await pipeline.settled();
    const backup = await primary.copy();
    nodes.push(backup);
    await traffic.send(Math.floor(traffic.length / 3));
    await pipeline.settled(HEAL_MS);
    await pipeline.stopServices();
    await primary.stop();
    await backup.start();
    proxy.switchTo(backup.port);
    await pipeline.start();
    const begin = Date.now();
    await allIsStored(pipeline);
    console.log(`restored: all is stored again after ${seconds(begin)} s`);
    expect(await differencesAtLast(pipeline, traffic)).toEqual([]);
  }, 600_000);

  async function behindProxy() {
    const primary = await newServer();
    const nodes = [primary];
    const proxy = new SilentProxy(primary.port);
    await proxy.listen();
    // After the pipeline is gone, which is made later.
    onTestFinished(async () => {
      await proxy.close();
      await Promise.all(nodes.map((node) => node.remove()));
    });
    const url = new URL(primary.url());
    url.port = String(proxy.port);
    const pipeline = await inPipeline({ ...inject('stack'), DATABASE_URL: url.href });
    // Events of tags that were lost are decided again, which is described in docs/operations.md.
    const traffic = new Traffic(pipeline, { seed: 8, orders: ORDERS, hasRules: false, isPlain: true });
    await traffic.open();
    return { nodes, primary, proxy, pipeline, traffic };
  }
});

describe('a database that is emptied while the services run', () => {
  it('is waited for until it is migrated, and then filled again from the beginning', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed: 9, orders: ORDERS, hasRules: false, isPlain: true });
    await traffic.open();
    await pipeline.start();
    await traffic.send(Math.floor(traffic.length / 2));
    await pipeline.settled();

    await pipeline.database.rows('DROP SCHEMA stg, dds, cdm, pipeline, operations, report CASCADE');
    await pipeline.database.rows('DROP TABLE migrations');
    for (const name of services) {
      await expect.poll(() => readiness(pipeline, name), { timeout: HEAL_MS }).toContain('run migrate');
    }
    await migrate(pipeline.database.url);
    const begin = Date.now();
    await allIsStored(pipeline);
    console.log(`emptied: all is stored again after ${seconds(begin)} s`);
    expect(await differencesAtLast(pipeline, traffic)).toEqual([]);
  }, 600_000);

  it('of another release than the service knows is not worked on, and readiness, log and figure say which has to change', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed: 10, orders: 30, hasRules: false, isPlain: true });
    await traffic.open();
    await traffic.send();
    const dds = pipeline.service('dds');
    const versioned = (version: string, oldest: string) =>
      pipeline.database.rows('UPDATE pipeline.schema_version SET version = $1, oldest_service = $2', [
        version,
        oldest,
      ]);
    const ours = String(SCHEMA_VERSION);
    await versioned('1800000000000', '1790000000000');
    await dds.launch();
    await untilSeen(dds, {
      server: 'postgresql',
      words: new RegExp(
        `PostgreSQL cannot be used, see DATABASE_URL: the schema of the database is of a newer release \\(1800000000000\\), which needs ` +
          `services of 1790000000000, and this one is of ${ours}: update the service`,
      ),
    });
    await versioned('1600000000000', '1600000000000');
    await untilSeen(dds, {
      server: 'postgresql',
      words: new RegExp(
        `PostgreSQL cannot be used, see DATABASE_URL: the schema of the database is of an older release \\(1600000000000, and this one ` +
          `needs ${ours}\\): run migrate`,
      ),
    });
    await Promise.all([pipeline.service('stg').launch(), pipeline.service('cdm').launch()]);
    // A newer one that still lets this release work.
    await versioned('1800000000000', ours);
    await Promise.all(services.map((name) => pipeline.service(name).untilReady()));
    await traffic.complete();
    await pipeline.settled(HEAL_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 400_000);
});

describe('settings that are weaker than the promises need', () => {
  const settings = ['fsync', 'full_page_writes', 'synchronous_commit'];
  let looks = 0;

  /** The warnings of a service that starts, up to its look at positions and settings. */
  async function warnings(pipeline: Pipeline): Promise<string[]> {
    looks += 1;
    const KAFKA_GROUP_ID = `${pipeline.group('dds')}-${looks}`;
    const dds = pipeline.replica('dds', { KAFKA_GROUP_ID });
    await dds.start();
    await eventually(async () => {
      const rows = await pipeline.database.rows('SELECT FROM pipeline.positions WHERE consumer_group = $1', [
        KAFKA_GROUP_ID,
      ]);
      return rows.length > 0 ? undefined : 'no look yet';
    }, HEAL_MS);
    await dds.stop();
    return logged(dds, 'warn')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
      .filter((message) => settings.some((setting) => message.startsWith(setting)));
  }

  it('are warned of at the start, each in a line of its own', async () => {
    const primary = await newServer();
    const nodes = [primary];
    onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.remove()))));
    const set = async (values: Record<string, string>) => {
      for (const [name, value] of Object.entries(values)) {
        await primary.query(`ALTER SYSTEM SET ${name} = ${value}`);
      }
      await primary.query('SELECT pg_reload_conf()');
    };
    const pipeline = await inPipeline({ ...inject('stack'), DATABASE_URL: primary.url() });
    expect(await warnings(pipeline)).toEqual([]);
    await set({ fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' });
    expect(await warnings(pipeline)).toEqual([
      'fsync of the server of DATABASE_URL is off: a crash may lose what was committed, or break the tables',
      'full_page_writes of the server of DATABASE_URL is off: a crash may break the tables',
      'synchronous_commit at DATABASE_URL is off: a crash may lose what was committed',
    ]);
    await set({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'local' });
    expect(await warnings(pipeline)).toEqual([]);
    const standby = await withStandby(nodes);
    await caughtUp(primary, standby);
    expect(await warnings(pipeline)).toEqual([
      'synchronous_commit at DATABASE_URL is local: a standby that is promoted may lack what was committed',
    ]);
  }, 400_000);
});

/** Every message up to now is stored in the database that answers, or has been refused. */
async function allIsStored(pipeline: Pipeline): Promise<void> {
  for (const name of services) {
    await eventually(async () => {
      const ends = await pipeline.topics.ends(sources[name]);
      const rows = await pipeline.database
        .rows<{ partition: number; next_offset: string }>(
          'SELECT partition, next_offset FROM pipeline.positions WHERE consumer_group = $1',
          [pipeline.group(name)],
        )
        .catch(() => []);
      const behind = [...ends].filter(
        ([partition, end]) =>
          BigInt(rows.find((row) => row.partition === partition)?.next_offset ?? -1) < BigInt(end),
      );
      return behind.length > 0
        ? `${name} lacks partitions ${behind.map(([partition]) => partition).join()}`
        : undefined;
    }, HEAL_MS);
  }
}

/** Sends what is left, and compares. */
async function differencesAtLast(pipeline: Pipeline, traffic: Traffic): Promise<string[]> {
  await traffic.send();
  await traffic.complete();
  await pipeline.settled(HEAL_MS);
  await allIsStored(pipeline);
  return findDifferences(pipeline, traffic.dictionary);
}

async function orders(pipeline: Pipeline, node: PostgresNode): Promise<number> {
  const [, database] = new URL(pipeline.database.url).pathname.split('/');
  return (await node.query('SELECT FROM cdm.order_versions', database)).length;
}

/** Starts a standby of the first of the nodes, which is added to them. */
async function withStandby(nodes: PostgresNode[]): Promise<PostgresNode> {
  const standby = await nodes[0]!.copy({ asStandby: true });
  nodes.push(standby);
  await standby.start();
  return standby;
}

async function caughtUp(primary: PostgresNode, standby: PostgresNode): Promise<void> {
  const [{ lsn }] = (await primary.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn')) as [
    { lsn: string },
  ];
  await eventually(async () => {
    const [row] = await standby.query<{ done: boolean }>(
      `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS done`,
    );
    return row?.done ? undefined : 'the standby is behind';
  }, HEAL_MS);
}

async function readiness(pipeline: Pipeline, name: ServiceName): Promise<string> {
  const answer = await fetch(`${pipeline.service(name).url}/health/ready`).catch(() => undefined);
  return (await answer?.text()) ?? '';
}

function seconds(begin: number): string {
  return ((Date.now() - begin) / 1000).toFixed(1);
}
