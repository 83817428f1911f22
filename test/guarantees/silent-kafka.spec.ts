import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgetfulFirewall } from '../harness/forgetful-firewall';
import { lacks } from '../harness/needs';
import { Pipeline } from '../harness/pipeline';
import { proxyKafka } from '../harness/proxied-kafka';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import type { SilentProxy } from '../harness/silent-proxy';
import { samplesOf } from '../metrics/exposition';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { drawSeed, isLong } from '../history/seed';
import { liveness, logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';
import { useOwnStack } from '../harness/use-own-stack';

/*
 * Connections to Kafka that go silent, as behind a firewall that forgets them: nothing that is sent arrives, and nobody
 * hears of it. The services drop them, say so, and go on over new ones; while there is no way to Kafka they say that.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
/** What is promised is 30 s; a busy machine takes more. */
const GOES_ON_MS = 90_000;
const SEEN_MS = 60_000;
const SETTLE_MS = 180_000;

describe('connections to Kafka that go silent', () => {
  const stack = useOwnStack();
  const firewall = new ForgetfulFirewall();
  let proxy: SilentProxy;
  let pipeline: Pipeline;
  let traffic: Traffic;
  let replicas: ServiceProcess[];
  /** Messages that each test has. */
  let share: number;

  beforeAll(async () => {
    proxy = await proxyKafka(stack);
  });

  /** Services that reach Kafka through the proxy, for so many tests: those of the `describe` around the call. */
  function useServices(tests: number): void {
    let failed = true; // until they are at work
    beforeAll(async () => {
      pipeline = new Pipeline(stack.environment);
      await pipeline.prepare();
      const orders = isLong ? 400 * tests : 400;
      traffic = new Traffic(pipeline, { seed: drawSeed(), orders, isClean: true });
      await traffic.open();
      const brokers = { KAFKA_BROKERS: `127.0.0.1:${proxy.port}` };
      replicas = services.map((name) => pipeline.replica(name, brokers));
      await Promise.all(replicas.map((replica) => replica.start()));
      await traffic.send(30);
      share = Math.ceil(traffic.left / tests);
      await untilSettled(pipeline, SETTLE_MS);
      failed = false;
    }, SETTLE_MS + 120_000);
    beforeEach(({ onTestFailed }) => {
      onTestFailed(() => {
        failed = true;
        console.error(pipeline.tails());
      });
    });
    afterAll(() => pipeline.remove({ keepLogs: failed }));
  }

  afterEach(() => {
    firewall.open();
    proxy.recover();
  });
  afterAll(() => proxy.close());

  /** From now until every message that is sent is in the marts. */
  async function expectToGoOn(what: string): Promise<void> {
    const since = performance.now();
    await untilSettled(pipeline, GOES_ON_MS);
    console.log(`${what}: everything arrived after ${((performance.now() - since) / 1000).toFixed(1)} s`);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    expect(replicas.map(({ running }) => running)).toEqual([true, true, true]);
    for (const replica of replicas) {
      expect([replica.name, (await liveness(replica)).status]).toEqual([replica.name, 200]);
    }
  }

  async function serversWaitedFor(replica: ServiceProcess): Promise<string[]> {
    return samplesOf(await (await fetch(`${replica.url}/metrics`)).text())
      .filter(({ name, value }) => name === 'order_vault_waiting_seconds' && value > 0)
      .map(({ labels }) => labels.server!);
  }

  function linesAbout(replica: ServiceProcess, words: RegExp): string[] {
    return logged(replica, 'warn', 'error').filter((line) => words.test(line));
  }

  describe('while others can be made', () => {
    useServices(2);

    it('while there is nothing to do are replaced, and logged once', async () => {
      proxy.forgetConnections();
      await traffic.send(share);
      await expectToGoOn('cut while idle');
      for (const replica of replicas) {
        const dropped = linesAbout(replica, /no answer from 127\.0\.0\.1:\d+ within \d+ s/);
        expect([replica.name, dropped.length]).not.toEqual([replica.name, 0]);
        expect(dropped.join('\n')).toContain('KAFKA_BROKERS');
        expect(new Set(dropped.map((line) => (JSON.parse(line) as { msg: string }).msg)).size).toBe(
          dropped.length,
        );
      }
    }, 300_000);

    it('while batches are in hand are replaced', async () => {
      await traffic.send(share);
      await pause(300);
      proxy.forgetConnections();
      await expectToGoOn('cut with batches in hand');
    }, 300_000);
  });

  describe('while none can be made, or packets are lost', () => {
    const cuts = isLong ? ['while idle', 'with batches in hand'] : ['with batches in hand'];
    useServices(1 + cuts.length);

    it('with no way to new ones fail readiness under the name of Kafka alone, with a line in the log and a figure', async () => {
      proxy.goSilent();
      const since = performance.now();
      await traffic.send(share);
      for (const replica of replicas) {
        await eventually(async () => {
          const { status, down } = await readiness(replica);
          return status === 503 &&
            Object.keys(down).join() === 'kafka' &&
            down.kafka!.includes('KAFKA_BROKERS')
            ? undefined
            : `${replica.name} answers ${status} with ${JSON.stringify(down)}`;
        }, SEEN_MS);
        await eventually(
          async () =>
            linesAbout(replica, /waiting: Kafka cannot be used, see KAFKA_BROKERS/).length === 1
              ? undefined
              : replica.tail(),
          SEEN_MS,
        );
        expect((await liveness(replica)).status).toBe(200);
        await expect.poll(() => serversWaitedFor(replica)).toEqual(['kafka']);
      }
      console.log(`no way to Kafka: seen after ${((performance.now() - since) / 1000).toFixed(1)} s`);
      proxy.recover();
      await expectToGoOn('a way again');
    }, 300_000);

    describe.skipIf(lacks('iptables'))('and whose packets are dropped', () => {
      it.each(cuts)(
        'are replaced: %s',
        async (when) => {
          if (when === 'with batches in hand') {
            await traffic.send(share);
            await pause(300);
          }
          const forgotten = replicas.map((replica) => firewall.forget(replica.pid, proxy.port));
          expect(Math.min(...forgotten)).toBeGreaterThan(0);
          await traffic.send(share);
          await expectToGoOn(`packets dropped ${when}`);
        },
        300_000,
      );
    });
  });
});
