import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import type { ServiceName } from '../harness/service-process';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed } from '../history/seed';
import { liveness, logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { SEEN_MS } from './crash/until-seen';
import { untilSettled } from './crash/until-settled';
import { useOwnStack } from '../harness/use-own-stack';
import { withFault } from './crash/with-fault';

/*
 * A service that cannot work says so: readiness while it waits for a server, liveness when only a new start may help,
 * the exit code when its consumer is gone, and the log in every case.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const BACK_MS = 180_000;
const SETTLE_MS = 180_000;

describe('readiness', () => {
  const stack = useOwnStack();

  it('fails when a server is gone, naming it, and comes back with it', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(stack.environment);
    const traffic = new Traffic(pipeline, { seed, orders: 50, isClean: true });
    await traffic.open();
    await pipeline.start();
    await traffic.send(20);
    await untilSettled(pipeline, SETTLE_MS);

    for (const [server, name, dependents] of [
      ['postgres', 'postgresql', services],
      ['kafka', 'kafka', services],
      ['redis', 'redis', ['stg']],
    ] as const) {
      await stack.stop(server);
      for (const dependent of dependents) {
        await eventually(async () => {
          const { status, down } = await readiness(pipeline.service(dependent));
          return status === 503 && name in down
            ? undefined
            : `${dependent} answers ${status} with ${JSON.stringify(down)}`;
        }, SEEN_MS);
      }
      for (const one of services) {
        expect([one, (await liveness(pipeline.service(one))).status]).toEqual([one, 200]);
      }
      await stack.start(server);
      await Promise.all(services.map((one) => pipeline.service(one).untilReady(BACK_MS)));
      await traffic.send(20);
      await untilSettled(pipeline, SETTLE_MS);
    }

    await traffic.send();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 900_000);
});

describe('a consumer that has stopped for good', () => {
  it(
    'ends the process with an exit code, and nothing is lost',
    { tags: ['short'], timeout: 600_000 },
    async () => {
      const seed = drawSeed();
      const pipeline = await inPipeline(inject('stack'));
      const traffic = new Traffic(pipeline, { seed, orders: 20, isClean: true });
      await traffic.open();
      const victims = services.map((name) =>
        pipeline.replica(name, withFault('transport_type_error'), 'dist-failpoints'),
      );
      await Promise.all(victims.map((victim) => victim.start()));
      await traffic.send();
      for (const victim of victims) {
        const { code } = await victim.ended(240_000);
        expect([victim.name, code]).toEqual([victim.name, 1]);
        expect(logged(victim, 'fatal').join('\n')).toContain('provoked');
        // What it read and may not have sent on comes to the next one, and so that one comes to the fault as well.
        await pipeline.service(victim.name).start();
      }

      await untilSettled(pipeline, SETTLE_MS);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
  );
});

describe('a consumer that finds no coordinator of its group', () => {
  it('begins again by itself, and nothing is lost', async () => {
    const seed = drawSeed();
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: 20, isClean: true });
    await traffic.open();
    const replicas = services.map((name) =>
      pipeline.replica(name, withFault('no_coordinator'), 'dist-failpoints'),
    );
    await Promise.all(replicas.map((replica) => replica.start()));
    await traffic.send();
    await untilSettled(pipeline, SETTLE_MS);
    expect(replicas.map(({ running }) => running)).toEqual([true, true, true]);
    for (const replica of replicas) {
      await expect
        .poll(() => logged(replica, 'warn').join('\n'))
        .toMatch(/the consumer starts again: .*provoked/);
    }
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 600_000);
});

describe('a programming error in a handler', () => {
  it(
    'fails the liveness of its service, is logged as an error, and loses nothing',
    { tags: ['short'], timeout: 600_000 },
    async () => {
      const seed = drawSeed();
      const pipeline = await inPipeline(inject('stack'));
      const traffic = new Traffic(pipeline, { seed, orders: 20, isClean: true });
      await traffic.open();
      const victims = services.map((name) => {
        const file = join(pipeline.logs, `fault-of-${name}`);
        writeFileSync(file, '');
        return {
          service: pipeline.replica(name, withFault('handler_type_error', file), 'dist-failpoints'),
          file,
        };
      });
      await Promise.all(victims.map(({ service }) => service.start()));
      await traffic.send();

      // A message comes to the next service when the one before has got over its fault.
      for (const { service, file } of victims) {
        await eventually(async () => {
          const { status, down } = await liveness(service);
          return status === 503 && down.consumer?.includes('provoked')
            ? undefined
            : `liveness of ${service.name} is ${status} with ${JSON.stringify(down)}`;
        }, 60_000);
        // The log is written a moment later.
        await eventually(async () => {
          const errors = logged(service, 'error').join('\n');
          return /TypeError: provoked.*faults\.mjs/.test(errors)
            ? undefined
            : `the log of ${service.name} has no TypeError: ${errors}`;
        }, 60_000);
        expect(await pipeline.deadLetters(service.name)).toEqual([]);
        expect(await pipeline.unread(service.name)).not.toEqual([]);
        expect(service.running).toBe(true);
        // It never stopped to read: without the error it goes on by itself.
        rmSync(file);
      }

      await untilSettled(pipeline, SETTLE_MS);
      for (const { service } of victims) {
        expect([service.name, (await liveness(service)).status]).toEqual([service.name, 200]);
      }
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
  );
});

describe('messages that expired before they were read', () => {
  it('are an error in the log, and the oldest message left is the next', async () => {
    const seed = drawSeed();
    const { KAFKA_BROKERS } = inject('stack');
    const pipeline = await inPipeline(inject('stack'));
    const traffic = new Traffic(pipeline, { seed, orders: 60, isClean: true });
    await traffic.open();
    await traffic.send();
    const topic = pipeline.topics.name('order-service_orders');
    const kafka = new Kafka({ clientId: 'test', brokers: [KAFKA_BROKERS], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition }) => partition);
      await admin.setOffsets({
        groupId: pipeline.group('stg'),
        topic,
        partitions: partitions.map((partition) => ({ partition, offset: '0' })),
      });
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 2, offset: '7' }] });
    } finally {
      await admin.disconnect();
    }

    await pipeline.start();
    await untilSettled(pipeline, SETTLE_MS);
    const errors = logged(pipeline.service('stg'), 'error').map((line) => JSON.parse(line) as object);
    expect(errors).toContainEqual(
      expect.objectContaining({
        msg: 'messages expired before they were read',
        topic,
        partition: 2,
        lost: '7',
      }),
    );
    // The source holds what is left, and all of that arrives.
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    expect((await readiness(pipeline.service('stg'))).status).toBe(200);
  }, 600_000);
});
