import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { untilSeen } from './guarantees/crash/until-seen';
import { dictionary } from './guarantees/orders/small-town';
import { sourceText } from './guarantees/orders/source-text';
import { lacks } from './harness/needs';
import type { ServiceName, ServiceProcess } from './harness/service-process';
import { usePipeline } from './harness/use-pipeline';

/*
 * Bugs that others reported of what the services are made of, tried here. docs/compatibility.md lists them with those
 * that other tests try, and says what each could do here.
 */
const pipeline = usePipeline({ partitions: 2 });
let id = 0;

async function until<T>(look: () => Promise<T | undefined | false>, milliseconds = 60_000): Promise<T> {
  for (const deadline = Date.now() + milliseconds; ; await pause(100)) {
    const found = await look().catch(() => undefined);
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`not so within ${milliseconds / 1000} s: ${String(look)}`);
    }
  }
}

/** Sends a good order, waits until there is nothing left to do, and returns its rows of the ledger: one. */
async function oneMoreOrder(): Promise<object[]> {
  await pipeline.dictionary.put(dictionary);
  id += 1;
  await pipeline.sendOrders([{ value: sourceText({ id }) }]);
  await pipeline.settled();
  return pipeline.database.rows(`SELECT order_dt FROM cdm.order_versions WHERE object_id = ${id}`);
}

/** A replica whose environment differs, launched; it is killed when the test has ended. */
async function launched(name: ServiceName, changes: Record<string, string>): Promise<ServiceProcess> {
  const replica = pipeline.replica(name, changes);
  onTestFinished(async () => {
    if (replica.running) {
      await replica.kill();
    }
  });
  await replica.launch();
  return replica;
}

interface Health {
  status: string;
  details: Record<string, { status: string; message?: string }>;
}

const health = async ({ url }: ServiceProcess) =>
  (await (await fetch(`${url}/health/ready`)).json()) as Health;

/** What readiness says of a server, once it says that it is down. */
const whyDown = (service: ServiceProcess, server: string) =>
  until(async () => (await health(service)).details[server]!.message);

function withPath(url: string, change: (url: URL) => void): string {
  const changed = new URL(url);
  change(changed);
  return changed.href;
}

describe('ioredis', () => {
  const odd = 'p@ss:w/rd#%=+ ü';

  it('a database that Redis does not have is not replaced by the first', async () => {
    const REDIS_URL = withPath(pipeline.dictionary.url, (url) => (url.pathname = '/99'));
    const stg = await launched('stg', { REDIS_URL, KAFKA_GROUP_ID: `${pipeline.group('stg')}-elsewhere` });
    expect(await whyDown(stg, 'redis')).toContain(
      'see the database in REDIS_URL: ERR DB index is out of range',
    );
    await pause(3_000);
    expect((await health(stg)).details.redis!.status).toBe('down');
  });

  it('a user who may not ask for INFO, with odd characters in the password, is no obstacle', async () => {
    const admin = new Redis(inject('stack').REDIS_URL);
    onTestFinished(async () => {
      await admin.call('ACL', 'DELUSER', 'reader');
      admin.disconnect();
    });
    await admin.call('ACL', 'SETUSER', 'reader', 'on', `>${odd}`, '~*', '-@all', '+mget', '+ping', '+select');
    const REDIS_URL = withPath(pipeline.dictionary.url, (url) => {
      [url.username, url.password] = ['reader', encodeURIComponent(odd)];
    });
    const stg = await launched('stg', { REDIS_URL });
    await until(async () => (await health(stg)).status === 'ok');
    expect(stg.tail(500)).not.toContain('ss:w');
    await stg.stop();
  });
});

describe('node-postgres', () => {
  const odd = `a#b@c/d%e:f?g h+ü'"`;

  it('odd characters in a password are taken when they are encoded, and named by no log when they are not', async () => {
    const role = `odd_${process.pid}`;
    await pipeline.database.pool.query(
      `CREATE ROLE ${role} LOGIN PASSWORD '${odd.replace("'", "''")}' IN ROLE cdm_service`,
    );
    onTestFinished(async () => void (await pipeline.database.pool.query(`DROP ROLE ${role}`)));
    const encoded = withPath(pipeline.database.loginUrls.cdm, (url) => {
      [url.username, url.password] = [role, encodeURIComponent(odd)];
    });
    const cdm = await launched('cdm', { DATABASE_URL: encoded });
    await until(async () => (await health(cdm)).details.postgresql!.status === 'up');
    await cdm.stop();

    const raw = await launched('cdm', { DATABASE_URL: encoded.replace(encodeURIComponent(odd), odd) });
    expect((await raw.ended(60_000)).code).toBe(1);
    expect(raw.tail()).toContain('DATABASE_URL must be postgres://user:password@host:port/database');
    expect(raw.tail()).not.toContain('a#b');
  });

  it('variables of libpq and of the machine change nothing', async () => {
    await pipeline.service('stg').stop();
    const stg = await launched('stg', {
      PGOPTIONS: '-c datestyle=German -c search_path=nowhere -c default_transaction_read_only=on',
      PGHOST: 'nowhere',
      PGUSER: 'nobody',
      PGDATABASE: 'nothing',
      PGAPPNAME: 'other',
      PGCLIENTENCODING: 'latin1',
      TZ: 'America/New_York',
      LANG: 'tr_TR.UTF-8',
    });
    await until(async () => (await health(stg)).status === 'ok');
    expect(await oneMoreOrder()).toEqual([{ order_dt: '2024-03-01 12:00:00' }]);
    await stg.stop();
    await pipeline.service('stg').start();
  });
});

describe('kafkajs', () => {
  it.skipIf(lacks('kcat'))(
    'another client in the group, with another protocol, is waited for under the name of the group',
    async () => {
      const stg = pipeline.service('stg');
      await stg.stop();
      const topic = pipeline.topics.name('order-service_orders');
      const group = pipeline.group('stg');
      const other = spawn('kcat', ['-b', inject('stack').KAFKA_BROKERS, '-G', group, topic], {
        stdio: 'ignore',
      });
      onTestFinished(() => void other.kill());
      const admin = new Kafka({
        brokers: inject('stack').KAFKA_BROKERS.split(','),
        logLevel: logLevel.NOTHING,
      }).admin();
      onTestFinished(() => admin.disconnect());
      await admin.connect();
      await until(async () => (await admin.describeGroups([group])).groups[0]!.state === 'Stable');
      await stg.launch();
      await untilSeen(stg, {
        server: 'kafka',
        words: /see KAFKA_GROUP_ID, which a client of another kind uses/,
      });
      const gone = once(other, 'exit');
      other.kill();
      await gone;
      expect(await oneMoreOrder()).toHaveLength(1);
    },
    240_000,
  );
});

describe('Node', () => {
  it('a connection that a proxy takes for open is not closed by the service first', async () => {
    const { headers } = await fetch(`${pipeline.service('cdm').url}/health/live`);
    expect(headers.get('keep-alive')).toBe('timeout=620');
  });
});
