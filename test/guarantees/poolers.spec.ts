import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Warehouse } from '@app/warehouse/warehouse';
import { Bouncer } from '../harness/bouncer';
import { lacks } from '../harness/needs';
import { Pipeline } from '../harness/pipeline';
import { runTool, type ToolRun } from '../harness/run-tool';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { findDifferences } from './crash/find-differences';
import { drawSeed, isLong } from '../history/seed';
import { logged } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';

/*
 * Between services and PostgreSQL there may be a pooler, which refuses what it does not know at the start of a
 * connection, and in its mode of transactions gives each of them another connection: all is as exact as without, and
 * the limits that others rely on hold.
 */
const names: ServiceName[] = ['stg', 'dds', 'cdm'];
const ORDERS = isLong ? 3_000 : 150;
/** Of the server, for each login: fewer than a service has of the pooler, unless a session keeps its own. */
const connections = { session: 10, transaction: 2 };
const LOST = 'does not carry prepared statements: from now on none are prepared';

describe.skipIf(lacks('pgbouncer')).each(['transaction', 'session'] as const)(
  'behind PgBouncer, in its mode of %ss',
  (mode) => {
    const pipeline = new Pipeline(inject('stack'));
    let bouncer: Bouncer;
    let services: ServiceProcess[];
    let traffic: Traffic;

    beforeAll(async () => {
      await pipeline.prepare({ migrated: false });
      const { url, loginUrls } = pipeline.database;
      bouncer = new Bouncer([url, ...Object.values(loginUrls)], mode, connections[mode]);
      await bouncer.start();
      traffic = new Traffic(pipeline, { seed: drawSeed(), orders: ORDERS, users: 40, restaurants: 5 });
      services = names.map((name) => pipeline.replica(name, { DATABASE_URL: bouncer.url(loginUrls[name]) }));
    });

    afterAll(async () => {
      await pipeline.remove();
      await bouncer.stop();
    });

    function tool(name: string, ...args: string[]): Promise<ToolRun> {
      return runTool(name, args, {
        DATABASE_URL: bouncer.url(pipeline.database.url),
        KAFKA_BROKERS: inject('stack').KAFKA_BROKERS,
        REDIS_URL: pipeline.dictionary.url,
      });
    }

    it('migrates', async () => {
      const migrated = await runTool('migrate', [], { DATABASE_URL: bouncer.url(pipeline.database.url) });
      expect(migrated).toMatchObject({ code: 0, stderr: '' });
    });

    it('is exact, and repeats at once what needed a prepared statement that is elsewhere', async () => {
      await traffic.open();
      await Promise.all(services.map((service) => service.start()));
      await traffic.send(Math.floor(traffic.length / 2));
      await traffic.complete();
      await traffic.send();
      await untilSettled(pipeline, 180_000);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
      for (const service of services) {
        const lost = logged(service, 'warn').filter((line) => line.includes(LOST)).length;
        expect(lost).toBeLessThanOrEqual(mode === 'session' ? 0 : 1);
        expect(readFileSync(service.log, 'utf8')).not.toContain('"waiting: PostgreSQL');
      }
    }, 300_000);

    it('answers questions of the dashboard', async () => {
      const { url } = services.find(({ name }) => name === 'cdm')!;
      const answers = [
        'summary',
        'popularity/products',
        'popularity/restaurants?by=users&from=2001-01-01',
        'pipeline',
      ];
      for (let round = 0; round < 3; round += 1) {
        const statuses = await Promise.all(
          answers.map(async (answer) => (await fetch(`${url}/api/${answer}`)).status),
        );
        expect(statuses).toEqual(answers.map(() => 200));
      }
    });

    it('lets tools work, but for the one that keeps temporary tables, which says so', async () => {
      for (const [name, ...args] of [
        ['reconcile'],
        ['rebuild', 'cdm', '--execute'],
        ['parked', 'list'],
        ['forget', Object.keys(traffic.dictionary)[0]!],
      ] as [string, ...string[]][]) {
        expect([name, await tool(name, ...args)]).toMatchObject([name, { code: 0, stderr: '' }]);
      }
      const rebuild = await tool('rebuild', 'dds');
      expect(rebuild.code).toBe(2);
      expect(rebuild.stderr).toContain(
        'a pooler answers at DATABASE_URL: this work needs the address of PostgreSQL itself',
      );
    });

    it('keeps the limits of each transaction, and leaves nothing of them to others', async () => {
      const url = bouncer.url(pipeline.database.loginUrls.stg);
      const warehouse = new Warehouse(url, 'test', 2, 1_000);
      try {
        await expect(warehouse.read((client) => client.query('SELECT pg_sleep(5)'))).rejects.toMatchObject({
          code: '57014',
        });
        const idle = warehouse.read(
          async (client) => {
            await pause(1_500);
            return client.query('SELECT');
          },
          { settings: { idle_in_transaction_session_timeout: '500ms' } },
        );
        await expect(idle).rejects.toThrow(/terminat/);
        await expect(warehouse.transaction((client) => client.query('SELECT 1'))).resolves.toBeDefined();
      } finally {
        await warehouse.onApplicationShutdown();
      }
      // A job of the services, which are at work, may hold one for a moment.
      await expect
        .poll(() =>
          pipeline.database.rows<{ locks: number }>(
            `SELECT count(*)::integer AS locks FROM pg_locks WHERE locktype = 'advisory' AND database =
               (SELECT oid FROM pg_database WHERE datname = current_database())`,
          ),
        )
        .toEqual([{ locks: 0 }]);
    });
  },
);

describe.skipIf(lacks('pgbouncer'))('behind PgBouncer, in its mode of statements', () => {
  it('nothing works, and the error says why', async () => {
    const { DATABASE_URL } = inject('stack');
    const bouncer = new Bouncer([DATABASE_URL], 'statement', 2);
    await bouncer.start();
    const warehouse = new Warehouse(bouncer.url(DATABASE_URL), 'test', 1);
    try {
      await expect(warehouse.read((client) => client.query('SELECT 1'))).rejects.toThrow(
        'statement pooling mode',
      );
    } finally {
      await warehouse.onApplicationShutdown();
      await bouncer.stop();
    }
  });
});
