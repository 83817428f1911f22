import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed, onTestFinished } from 'vitest';
import { JavaClient } from '../harness/java-client';
import { lacks } from '../harness/needs';
import { Pipeline } from '../harness/pipeline';
import type { StoredMessage } from '../harness/scratch-topics';
import type { ServiceProcess } from '../harness/service-process';
import { expectedOf } from '../oracle/expected';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed } from '../history/seed';
import { logged, readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { figure, SEEN_MS, untilSeen } from './crash/until-seen';
import { untilSettled } from './crash/until-settled';
import { differencesWithTags } from './tags/tag-differences';

/*
 * States in which nothing moves though messages wait, and every server answers the checks of readiness: each shows
 * within half a minute, in readiness under the server that it is about, in one line of the log, and in a figure.
 */
const SETTLE_MS = 180_000;
/** A replica that would take its lack of partitions for a standstill would have said so by then. */
const SAID_MS = 25_000;

/** More replicas than partitions: one has nothing to do, while the other tests run. */
const idle = new Pipeline(inject('stack'), { partitions: 1 });
let idleReplicas: ServiceProcess[];
let idleSince: number;

beforeAll(async () => {
  await idle.prepare();
  idleReplicas = [idle.service('cdm'), idle.replica('cdm')];
  await Promise.all(idleReplicas.map((replica) => replica.start()));
  idleSince = performance.now();
});
afterAll(() => idle.remove());

/** A pipeline at work: what is sent so far is in the marts. */
async function atWork({ isPlain = false } = {}): Promise<{ pipeline: Pipeline; traffic: Traffic }> {
  const pipeline = await inPipeline(inject('stack'));
  const traffic = new Traffic(pipeline, { seed: drawSeed(), orders: 60, isClean: true, isPlain });
  await traffic.open();
  await pipeline.start();
  await traffic.send(30);
  await untilSettled(pipeline, SETTLE_MS);
  return { pipeline, traffic };
}

/**
 * Holds a lock on a table, as a forgotten session of an operator does, until the function that it returns is called.
 */
async function lockTable(pipeline: Pipeline, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client(pipeline.database.url);
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

async function expectToGoOn(pipeline: Pipeline, traffic: Traffic): Promise<void> {
  await traffic.send();
  await untilSettled(pipeline, SETTLE_MS);
  expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
}

describe('a lock that somebody holds', () => {
  it('shows as PostgreSQL, with the batch, the job or the evaluation of tag rules that waits for it', async () => {
    const { pipeline, traffic } = await atWork();
    const [stg, dds, cdm] = [pipeline.service('stg'), pipeline.service('dds'), pipeline.service('cdm')];
    const releases = [await lockTable(pipeline, 'dds.h_order')];
    await traffic.send(10);
    // Only then is stg held: what it has sent on is what dds waits with.
    await eventually(async () => (await pipeline.unread('stg')).join() || undefined, SEEN_MS);
    releases.push(await lockTable(pipeline, 'stg.pending_orders'));
    releases.push(await lockTable(pipeline, 'cdm.tag_evaluations'));

    await Promise.all([
      untilSeen(dds, {
        server: 'postgresql',
        words:
          /PostgreSQL cannot be used, see DATABASE_URL: the batch of stg-service-orders\S* from offset \d+ on waits/,
      }),
      untilSeen(stg, {
        server: 'postgresql',
        words: /PostgreSQL cannot be used, see DATABASE_URL: the job (parked orders|state) waits/,
      }),
      untilSeen(cdm, {
        server: 'postgresql',
        // Readiness says one of the two, the log says both.
        words: /PostgreSQL cannot be used, see DATABASE_URL: the job (tag rules|tag windows) waits/,
      }),
    ]);
    // PostgreSQL has not ended the statement, which it does after a minute: to wait for it is enough.
    expect(logged(dds, 'warn').filter((line) => /57014|statement timeout/.test(line))).toEqual([]);
    for (const [service, job] of [
      [stg, 'parked orders'],
      [cdm, 'tag rules'],
    ] as const) {
      await expect.poll(() => logged(service, 'warn').join('\n')).toContain(`the job ${job} waits`);
      await expect.poll(() => figure(service, 'order_vault_job_failing_seconds', job)).toBeGreaterThan(0);
    }

    await Promise.all(releases.map((release) => release()));
    await Promise.all([stg, dds, cdm].map((service) => service.untilReady()));
    await expectToGoOn(pipeline, traffic);
  }, 400_000);
});

/** Where tables are not what the source topic stands for, together with the one that had its name before. */
async function missingAfter(
  pipeline: Pipeline,
  traffic: Traffic,
  before: StoredMessage[],
): Promise<string[]> {
  const now = await pipeline.topics.read('order-service_orders');
  const { tables } = expectedOf(pipeline.topics.name('order-service_orders'), [
    { dictionary: traffic.dictionary, messages: [...before, ...now] },
  ]);
  return differencesWithTags(pipeline, tables);
}

describe('a topic that was deleted', () => {
  it('shows as Kafka, and is read again when it is back', async () => {
    const { pipeline, traffic } = await atWork();
    const stg = pipeline.service('stg');
    const before = await pipeline.topics.read('order-service_orders');
    await pipeline.topics.deleteTopic('order-service_orders');
    await untilSeen(stg, {
      server: 'kafka',
      words: /Kafka cannot be used, see .*SOURCE_TOPIC|missing topics.*SOURCE_TOPIC/,
    });
    await pipeline.topics.restoreTopic('order-service_orders');
    await stg.untilReady();
    await traffic.send();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await pipeline.unread('stg')).toEqual([]);
    expect(await missingAfter(pipeline, traffic, before)).toEqual([]);
  }, 400_000);
});

describe.skipIf(lacks('javac'))('a transaction that its producer does not end', () => {
  it('shows in the log and in the lag, though no server is away, and what it held back comes when it is aborted', async () => {
    const { pipeline, traffic } = await atWork({ isPlain: true });
    const stg = pipeline.service('stg');
    const java = new JavaClient(inject('stack').KAFKA_BROKERS);
    onTestFinished(() => java.close());
    const settings = `transactional.id=open-${Date.now()} transaction.timeout.ms=600000`;
    const topic = pipeline.topics.name('order-service_orders');
    await java.do([
      `open one ${settings}`,
      'begin one',
      { by: 'one', message: { topic, partition: 2, value: '{"never":' } },
    ]);
    await traffic.send(12);
    await eventually(async () => {
      const words = new RegExp(`messages wait in ${topic}/2 from offset \\d+ on: a producer has not ended`);
      return logged(stg, 'warn').some((line) => words.test(line)) ? undefined : stg.tail();
    }, SEEN_MS);
    await expect.poll(() => figure(stg, 'order_vault_consumer_lag_messages', '2')).toBe(3);
    await expect.poll(() => figure(stg, 'order_vault_consumer_lag_messages', '1')).toBe(0);
    expect(await readiness(stg)).toEqual({ status: 200, down: {} });
    // As kafka-transactions.sh does; the first one is answered that it is another's now.
    await java.do([`open other ${settings}`]);
    await expectToGoOn(pipeline, traffic);
  }, 400_000);
});

describe('a consumer without a partition', () => {
  it('is ready: there are more replicas than partitions', async () => {
    onTestFailed(() => console.error(idle.tails()));
    await pause(Math.max(0, SAID_MS - (performance.now() - idleSince)));
    for (const replica of idleReplicas) {
      expect(await readiness(replica)).toEqual({ status: 200, down: {} });
    }
  }, 200_000);
});
