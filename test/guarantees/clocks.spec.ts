import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';

import { runAlone } from '../kafkajs/run-alone';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed, isLong } from '../history/seed';
import { liveness, logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';
import { WallClock } from './crash/wall-clock';

/*
 * Clocks that are set forward and back, by NTP, with a virtual machine that moves, or by hand: whatever waits or lasts
 * goes by a monotonic clock, so reading goes on, nobody leaves the group, nothing looks dead, jobs go on, and the
 * tables are exact.
 */
/** What cdm says of a clock that is set back. */
const expected = [
  'the clock was set back: rules that move with time are evaluated again',
  // Of what is sent meanwhile: a message that is refused, and a transaction that takes its time on a busy machine.
  '"msg":"dead letter"',
  'a producer has not ended its transaction',
];
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const HOUR_MS = 3_600_000;
const SETTLE_MS = 180_000;
/** A consumer that sends no heartbeat leaves the group after 10 seconds. */
const WATCHED_MS = 13_000;
const steps: [string, number][] = [
  ['an hour back', -HOUR_MS],
  ['three hours forward', 2 * HOUR_MS],
  ...(isLong
    ? ([
        ['four days back', -95 * HOUR_MS],
        ['a year forward', 8_760 * HOUR_MS],
        ['to the true time', 0],
        ['a second back', -1_000],
      ] as [string, number][])
    : []),
];

describe('the clock of the services', () => {
  it('is set while orders flow, and nothing stops, waits or looks dead', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: 60 * (steps.length + 1) });
    await traffic.open();
    const clock = new WallClock(pipeline);
    const replicas = services.map((name) => pipeline.replica(name, clock.environment));
    await Promise.all(replicas.map((replica) => replica.start()));
    const piece = Math.floor(traffic.length / (steps.length + 1));
    await traffic.send(piece);
    await traffic.complete();
    await untilSettled(pipeline, SETTLE_MS);

    for (const [name, ahead] of steps) {
      const before = await Promise.all(replicas.map(rebalances));
      const warnings = replicas.map((replica) => logged(replica, 'fatal', 'error', 'warn').length);
      clock.set(ahead);
      const watched = pause(WATCHED_MS);
      await traffic.send(piece);
      const begin = performance.now();
      await untilSettled(pipeline, SETTLE_MS);
      console.log(`set ${name}: settled after ${Math.round(performance.now() - begin)} ms`);
      await watched;
      for (const [place, replica] of replicas.entries()) {
        const states = [(await readiness(replica)).status, (await liveness(replica)).status];
        expect([name, replica.name, ...states]).toEqual([name, replica.name, 200, 200]);
        expect([name, replica.name, await rebalances(replica)]).toEqual([name, replica.name, before[place]]);
        const since = logged(replica, 'fatal', 'error', 'warn').slice(warnings[place]);
        expect(since.filter((line) => !expected.some((part) => line.includes(part)))).toEqual([]);
      }
    }
    await traffic.send();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 600_000);
});

describe('kafkajs alone', () => {
  // No longer so: then libs/kafka/src/kafkajs-clock.ts is not needed any more.
  it('sends no heartbeat while the clock is behind the last one', async () => {
    const pipeline = await inPipeline(inject('stack'));
    const topic = pipeline.topics.name('order-service_orders');
    const brokers = inject('stack').KAFKA_BROKERS;
    const heartbeats = await runAlone('heartbeats-behind', brokers, pipeline.group('stg'), topic);
    expect(Number(heartbeats)).toBe(0);
  });
});

async function rebalances(replica: ServiceProcess): Promise<number> {
  const [, count] =
    /^order_vault_rebalances_total (\d+)/m.exec(await (await fetch(`${replica.url}/metrics`)).text()) ?? [];
  return Number(count);
}
