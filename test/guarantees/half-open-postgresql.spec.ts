import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { lacks } from '../harness/needs';
import { Pipeline } from '../harness/pipeline';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { SilentProxy } from '../harness/silent-proxy';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { drawSeed, isLong } from '../history/seed';
import { logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';

/*
 * A connection to PostgreSQL that is dead although nobody says so: a firewall forgot it, or the machine on the other
 * side is gone. It is found, dropped, reported once and replaced, and work goes on within half a minute, in a batch as
 * in a job.
 */
const names: ServiceName[] = ['stg', 'dds', 'cdm'];
/** What a batch of the service writes first. */
const tables = { stg: 'stg.order_events', dds: 'dds.h_order', cdm: 'cdm.users' };
/** What is promised is 30 s; a busy machine takes more. */
const PROGRESS_MS = 60_000;
const SETTLE_MS = 180_000;
/** So long a network is away, at least; longer where it takes longer to be seen. */
const SILENCE_MS = isLong ? 15_000 : 0;
const SAID = /no answer of PostgreSQL at \S+, see DATABASE_URL, for \d+ s: connections are dropped/;
const ENDED = /ended what dropped connections had begun, transactions in number: [1-9]/;

describe('a connection to PostgreSQL that is dead without a word', () => {
  const pipeline = new Pipeline(inject('stack'));
  const { hostname, port: serverPort } = new URL(inject('stack').DATABASE_URL);
  const proxy = new SilentProxy(Number(serverPort));
  const services = {} as Record<ServiceName, ServiceProcess>;
  let traffic: Traffic;

  beforeAll(async () => {
    await proxy.listen();
    await pipeline.prepare();
    for (const name of names) {
      const url = new URL(pipeline.database.loginUrls[name]);
      [url.hostname, url.port] = [hostname, String(proxy.port)];
      services[name] = pipeline.replica(name, { DATABASE_URL: url.href });
    }
    traffic = new Traffic(pipeline, { seed: drawSeed(), orders: 200, isClean: true });
    await traffic.open();
    await Promise.all(names.map((name) => services[name].start()));
    await traffic.send(40);
    await untilSettled(pipeline, SETTLE_MS);
  });

  afterAll(async () => {
    await pipeline.remove();
    await proxy.close();
  });

  /**
   * Sends messages and returns while the service waits for an answer of PostgreSQL, which holds the lock that is
   * returned.
   */
  async function withBatchInHand(name: ServiceName): Promise<PoolClient> {
    const lock = await pipeline.database.pool.connect();
    await lock.query(`BEGIN; LOCK TABLE ${tables[name]} IN EXCLUSIVE MODE`);
    await traffic.send(20);
    await untilHeld(name);
    return lock;
  }

  async function untilHeld(name: ServiceName): Promise<void> {
    await eventually(async () => {
      const rows = await pipeline.database.rows(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND application_name = $1`,
        [`order-vault ${name}`],
      );
      return rows.length > 0 ? undefined : `${name} waits for nothing`;
    }, 60_000);
  }

  async function letGo(lock: PoolClient): Promise<void> {
    await lock.query('ROLLBACK');
    lock.release();
  }

  async function untilRead(name: ServiceName, cut: number, what: string): Promise<void> {
    await eventually(async () => (await pipeline.unread(name)).join() || undefined, PROGRESS_MS * 2);
    const passed = performance.now() - cut;
    console.log(`${what}, ${name}: ${(passed / 1000).toFixed(1)} s from cut to progress`);
    expect(passed).toBeLessThan(PROGRESS_MS);
  }

  /** Waits until the network was away long enough, and returns for how many seconds it was. */
  async function untilAway(cut: number): Promise<string> {
    await pause(Math.max(0, SILENCE_MS - (performance.now() - cut)));
    return ((performance.now() - cut) / 1000).toFixed(1);
  }

  /** What was dropped while no other connection could be made holds its locks, until the service has it ended. */
  async function untilEnded(name: ServiceName, before: number): Promise<void> {
    await expect.poll(() => ended(name)).toBeGreaterThan(before);
  }

  function ended(name: ServiceName): number {
    return logged(services[name], 'info').filter((line) => ENDED.test(line)).length;
  }

  /** How often the service has said that it drops connections. */
  function drops(name: ServiceName): number {
    return logged(services[name], 'warn').filter((line) => SAID.test(line)).length;
  }

  it('is found while each service has a batch in hand', async () => {
    const before = names.map(drops);
    const locks: PoolClient[] = [];
    // The last one first: what the others send on is to arrive.
    for (const name of names.toReversed()) {
      locks.push(await withBatchInHand(name));
    }
    await Promise.all(names.map(untilHeld));
    proxy.forgetConnections();
    const cut = performance.now();
    // PostgreSQL answers, and is not heard.
    await Promise.all(locks.map(letGo));
    for (const [place, name] of names.entries()) {
      await untilRead(name, cut, 'connections forgotten, batch in hand');
      expect([name, drops(name) - before[place]!]).not.toEqual([name, 0]);
    }
    await untilSettled(pipeline, SETTLE_MS);
  });

  it('is found while the services are idle', async () => {
    const seen = () =>
      pipeline.database.rows<{ service: ServiceName; seen_at: Date }>(
        'SELECT service, max(seen_at) AS seen_at FROM pipeline.service_states GROUP BY service',
      );
    proxy.forgetConnections();
    const cut = performance.now();
    const before = new Map((await seen()).map(({ service, seen_at }) => [service, seen_at]));
    for (const name of names) {
      await eventually(async () => {
        const now = (await seen()).find(({ service }) => service === name)!.seen_at;
        return now > before.get(name)! ? undefined : `the job of ${name} does nothing`;
      }, PROGRESS_MS * 2);
      const passed = performance.now() - cut;
      console.log(
        `connections forgotten, idle, ${name}: ${(passed / 1000).toFixed(1)} s from cut to progress`,
      );
      expect(passed).toBeLessThan(PROGRESS_MS);
    }
  });

  it('shows in readiness while no other can be made', async () => {
    const before = drops('stg');
    const endedBefore = ended('stg');
    const lock = await withBatchInHand('stg');
    proxy.goSilent();
    const cut = performance.now();
    await letGo(lock);
    for (const name of names) {
      await eventually(async () => {
        const { status, down } = await readiness(services[name]);
        return status === 503 && 'postgresql' in down ? undefined : `${name} answers ${status}`;
      }, PROGRESS_MS);
    }
    await expect.poll(() => drops('stg')).toBeGreaterThan(before);
    const silence = await untilAway(cut);
    proxy.recover();
    // Not after 15 s of silence and more: PostgreSQL has ended it itself by then, or is about to.
    if (!isLong) {
      await untilEnded('stg', endedBefore);
    }
    await untilRead('stg', cut, `all silent for ${silence} s, batch in hand`);
    await untilSettled(pipeline, SETTLE_MS);
  });

  it.skipIf(lacks('iptables'))('is found where packets are dropped', async () => {
    const rules = (['--dport', '--sport'] as const).map((end) => [
      'INPUT',
      '-p',
      'tcp',
      end,
      String(proxy.port),
      '-j',
      'DROP',
      '-m',
      'comment',
      '--comment',
      'order-vault',
    ]);
    const before = drops('stg');
    const lock = await withBatchInHand('stg');
    const cut = performance.now();
    let silence: string;
    try {
      for (const rule of rules) {
        expect(spawnSync('iptables', ['--wait', '-I', ...rule]).status).toBe(0);
      }
      await letGo(lock);
      await expect.poll(() => drops('stg')).toBeGreaterThan(before);
      silence = await untilAway(cut);
    } finally {
      rules.forEach((rule) => spawnSync('iptables', ['--wait', '-D', ...rule]));
    }
    await untilRead('stg', cut, `packets dropped for ${silence} s, batch in hand`);
    await untilSettled(pipeline, SETTLE_MS);
  });

  it('has changed nothing', async () => {
    await traffic.send();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  });
});
