import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { Random } from '../../dev/orders/random';
import type { Pipeline } from '../harness/pipeline';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { versionOf } from '../oracle/message-differences';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed, isLong } from '../history/seed';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';

/*
 * SIGTERM lets the batches in hand finish: exit code 0 within the grace time, nothing lost, and, as long as the group
 * does not rebalance, nothing sent twice.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const GRACE_MS = 15_000;
/** A service that waits for something when it ends takes all its grace time. */
const AT_ONCE_MS = 10_000;
/** A machine that does much else may let a service be ready before it is asked to end. */
const ATTEMPTS = 20;
const STOPS = isLong ? 30 : 3;
const JOINS = isLong ? 30 : 2;
const SETTLE_MS = isLong ? 600_000 : 300_000;

describe('SIGTERM', () => {
  it(
    'in the middle of batches, sent once or twice, ends all services cleanly, and no message goes out twice',
    { tags: ['short'], timeout: 900_000 },
    async () => {
      const seed = drawSeed();
      const random = new Random(seed, 'stops');
      const pipeline = await inPipeline(inject('stack'));
      // Each version once at the source: then any repeat in an output topic is the services' own.
      const traffic = new Traffic(pipeline, { seed, orders: isLong ? 5_000 : 500, isClean: true });
      await traffic.open();
      const piece = Math.ceil(traffic.length / STOPS);
      for (let stop = 0; stop < STOPS; stop += 1) {
        await pipeline.start();
        await traffic.send(piece);
        await pause(random.integer(20, 700));
        const stopped = services.map((name) => ending(pipeline.service(name), 1 + (stop % 2)));
        expect(await Promise.all(stopped)).toEqual([0, 0, 0]);
      }
      await pipeline.start();
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
      expect(await repeats(pipeline)).toEqual([]);
    },
  );

  it('while a second replica joins loses nothing', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'joins');
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: isLong ? 3_000 : 500 });
    await traffic.open();
    let replicas = services.map((name) => pipeline.service(name));
    let spares = services.map((name) => pipeline.replica(name));
    await pipeline.start();
    const piece = Math.ceil(traffic.length / JOINS);
    for (let join = 0; join < JOINS; join += 1) {
      await traffic.send(piece);
      await Promise.all(spares.map((spare) => spare.launch()));
      // A service takes some tenths of a second until it asks to join, on a busy machine more.
      await pause(random.integer(100, isLong ? 4_000 : 1_500));
      const stopped = replicas.map((replica) => ending(replica, 1));
      expect(await Promise.all(stopped)).toEqual([0, 0, 0]);
      await Promise.all(spares.map((spare) => spare.untilReady()));
      [replicas, spares] = [spares, replicas];
    }
    await traffic.complete();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);
});

describe('SIGTERM while a service starts', () => {
  it('ends each at once, with exit code 0', async () => {
    const pipeline = await inPipeline(inject('stack'));
    for (const name of services) {
      let attempts = 1;
      while (!(await endsWhileItStarts(pipeline.replica(name)))) {
        attempts += 1;
        expect(attempts).toBeLessThan(ATTEMPTS);
      }
    }
  });
});

/** Whether a service was asked to end before it was ready; it ends at once in any case. */
async function endsWhileItStarts(service: ServiceProcess): Promise<boolean> {
  await service.launch();
  // Nest begins to make the application; that takes it some tenths of a second.
  while (!service.tail().includes('Starting Nest application')) {
    await pause(1);
  }
  const begin = Date.now();
  const code = await service.stop();
  expect([service.name, code, Date.now() - begin < AT_ONCE_MS]).toEqual([service.name, 0, true]);
  return !service.tail().includes('listens on port');
}

/** The exit code of a service that was asked to end, or that it took too long. */
async function ending(service: ServiceProcess, times: number): Promise<number | null | string> {
  const begin = Date.now();
  const { pid } = service;
  const code = service.stop();
  for (let time = 1; time < times; time += 1) {
    await pause(50);
    if (service.running) {
      process.kill(pid, 'SIGTERM');
    }
  }
  const result = await code;
  const took = Date.now() - begin;
  return took > GRACE_MS ? `${service.name} took ${took} ms` : result;
}

/** Versions that an output topic has more than once. */
async function repeats(pipeline: Pipeline): Promise<string[]> {
  const found: string[] = [];
  for (const name of ['stg', 'dds'] as const) {
    const versions = (await pipeline.outputs(name)).map(({ value }) => versionOf(value!));
    const seen = new Set<string>();
    for (const version of versions) {
      if (seen.has(version)) {
        found.push(`${name} has sent ${version} again`);
      }
      seen.add(version);
    }
  }
  return found;
}
