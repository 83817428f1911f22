import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { Random } from '../../dev/orders/random';
import type { Pipeline } from '../harness/pipeline';
import type { ServiceName, ServiceProcess } from '../harness/service-process';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed, isLong } from '../history/seed';
import { logged } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilFrozen } from './crash/until-frozen';
import { untilSettled } from './crash/until-settled';
import { withFault } from './crash/with-fault';

/*
 * Several replicas work on the same orders, users and restaurants, and one that froze wakes up when another has long
 * taken over its messages: nothing counts twice, and staging loses no version.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
/** A frozen replica is out of its group after ten seconds; its idle transaction is ended after twenty. */
const FROZEN_MS = 15_000;
const FROZEN_LONG_MS = 40_000;
/** One that is evicted wakes so long after another has taken over. */
const AFTERWARDS_MS = 2_000;
const SETTLE_MS = isLong ? 600_000 : 300_000;

describe('a replica that freezes for longer than its session lasts', () => {
  const shortFreezes: [string, Parameters<typeof withFault>[0], number][] = [
    ['between reading and writing', 'freeze_before_insert', FROZEN_MS],
    ['before it moves its offset', 'freeze_before_offset', FROZEN_MS],
  ];
  const longFreezes: typeof shortFreezes = [
    ['before it commits, and wakes while its transaction still lives', 'freeze_before_commit', FROZEN_MS],
    [
      'before it commits, and wakes when PostgreSQL has ended its transaction',
      'freeze_before_commit',
      FROZEN_LONG_MS,
    ],
  ];
  it.each(isLong ? [...shortFreezes, ...longFreezes] : shortFreezes)(
    '%s, changes nothing',
    async (_, fault, frozenMs) => {
      const seed = drawSeed();
      const pipeline = await inPipeline(inject('stack'));
      const traffic = new Traffic(pipeline, {
        seed,
        orders: isLong ? 3_000 : 600,
        users: 40,
        restaurants: 4,
      });
      await traffic.open();
      const frozen = services.map((name) => pipeline.replica(name, withFault(fault), 'dist-failpoints'));
      await Promise.all(frozen.map((service) => service.start()));

      // One layer after the other: each freezes at its first batch, and its successor feeds the next layer.
      await traffic.send(Math.floor(traffic.length / 3));
      const thaws: Promise<void>[] = [];
      for (const service of frozen) {
        await untilFrozen(service, 240_000);
        if (isLong) {
          thaws.push(pause(frozenMs).then(() => service.thaw()));
          await pipeline.service(service.name).start();
        } else {
          await pipeline.evict(service.name);
          await pipeline.service(service.name).start();
          // One that froze earlier has a transaction open, for which its successor waits.
          if (fault === 'freeze_before_offset') {
            await untilRead(pipeline, service.name);
          }
          thaws.push(pause(AFTERWARDS_MS).then(() => service.thaw()));
        }
      }
      await traffic.flowDuring(Promise.all(thaws), 40, 300);
      await traffic.complete();
      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
      expect(frozen.map(({ running }) => running)).toEqual([true, true, true]);
    },
    900_000,
  );

  it('wherever it is, again and again, changes nothing', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'freezes');
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, {
      seed,
      orders: isLong ? 6_000 : 1_000,
      users: 40,
      restaurants: 4,
    });
    await traffic.open();
    const replicas = services.map((name) => [pipeline.service(name), pipeline.replica(name)] as const);
    await startAll(replicas.flat());

    const freezes = async () => {
      for (let time = 0; time < (isLong ? 12 : 1); time += 1) {
        await pause(random.integer(200, 1_500));
        // One replica of each service, never both: somebody takes over.
        const victims = replicas.map((pair) => random.pick(pair));
        victims.forEach((victim) => victim.freeze());
        await pause(FROZEN_MS);
        victims.forEach((victim) => victim.thaw());
        await traffic.complete();
      }
    };
    await traffic.flowDuring(freezes(), isLong ? 60 : 30, 400);
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    expect(replicas.flat().map(({ running }) => running)).not.toContain(false);
  }, 900_000);
});

describe('two replicas of each service', () => {
  it('on the same orders, users and restaurants at once agree, without an error in a log', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, {
      seed,
      orders: isLong ? 40_000 : 1_500,
      users: 8,
      restaurants: 2,
    });
    await traffic.open();
    const replicas = services.flatMap((name) => [pipeline.service(name), pipeline.replica(name)]);
    await startAll(replicas);
    // All at once, so that the batches are large and overlap.
    await traffic.send();
    await traffic.complete();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    expect(replicas.flatMap((service) => logged(service, 'error', 'fatal'))).toEqual([]);
    expect(
      replicas.flatMap((service) => logged(service, 'warn')).filter((line) => line.includes('deadlock')),
    ).toEqual([]);
    // Else the test would have shown nothing.
    expect(await shares(replicas)).toEqual(replicas.map(({ name }) => [name, true]));
  }, 900_000);
});

async function untilRead(pipeline: Pipeline, name: ServiceName): Promise<void> {
  await eventually(async () => (await pipeline.unread(name))[0], SETTLE_MS);
}

async function startAll(replicas: ServiceProcess[]): Promise<void> {
  await Promise.all(replicas.map((service) => service.start()));
}

/** Each replica's name and whether it has processed messages. */
async function shares(replicas: ServiceProcess[]): Promise<[ServiceName, boolean][]> {
  return Promise.all(
    replicas.map(async ({ name, url }) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return [name, /order_vault_messages_total\{outcome="processed"\} [1-9]/.test(metrics)];
    }),
  );
}
