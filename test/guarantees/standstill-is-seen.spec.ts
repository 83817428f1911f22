import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import type { Pipeline } from '../harness/pipeline';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed } from './crash/seed';
import { readiness } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { figure, untilSeen } from './crash/until-seen';
import { untilSettled } from './crash/until-settled';

/*
 * States in which nothing moves though messages wait, and every server answers the checks of readiness: each shows within half a minute,
 * in readiness under the server that it is about, in one line of the log, and in a figure.
 */
const SETTLE_MS = 180_000;

/** A pipeline at work: what is sent so far is in the marts. */
async function atWork(): Promise<{ pipeline: Pipeline; traffic: Traffic }> {
  const pipeline = await inPipeline(inject('stack'));
  const traffic = new Traffic(pipeline, { seed: drawSeed(), orders: 60, isClean: true });
  await traffic.open();
  await pipeline.start();
  await traffic.send(30);
  await untilSettled(pipeline, SETTLE_MS);
  return { pipeline, traffic };
}

/** Holds a lock on a table, as a forgotten session of an operator does, until the function that it returns is called. */
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
  it('shows as PostgreSQL, with the place of the batch that waits for it', async () => {
    const { pipeline, traffic } = await atWork();
    const dds = pipeline.service('dds');
    const release = await lockTable(pipeline, 'dds.h_order');
    await traffic.send(10);
    await untilSeen(dds, {
      server: 'postgresql',
      words:
        /PostgreSQL cannot be used, see DATABASE_URL: the batch of stg-service-orders\S* from offset \d+ on waits/,
    });
    await release();
    await dds.untilReady();
    await expectToGoOn(pipeline, traffic);
  }, 400_000);

  it('shows as PostgreSQL, with the job that waits for it', async () => {
    const { pipeline, traffic } = await atWork();
    const stg = pipeline.service('stg');
    const release = await lockTable(pipeline, 'stg.pending_orders');
    await untilSeen(stg, {
      server: 'postgresql',
      words: /PostgreSQL cannot be used, see DATABASE_URL: the job (parked orders|state) waits/,
    });
    expect(await figure(stg, 'order_vault_job_failing_seconds', 'parked orders')).toBeGreaterThan(0);
    await release();
    await stg.untilReady();
    await expectToGoOn(pipeline, traffic);
  }, 400_000);

  it('shows as PostgreSQL, with the evaluation of tag rules that waits', async () => {
    const { pipeline, traffic } = await atWork();
    const cdm = pipeline.service('cdm');
    const release = await lockTable(pipeline, 'cdm.tag_evaluations');
    await untilSeen(cdm, {
      server: 'postgresql',
      words: /PostgreSQL cannot be used, see DATABASE_URL: the job tag rules waits/,
    });
    expect(await figure(cdm, 'order_vault_job_failing_seconds', 'tag rules')).toBeGreaterThan(0);
    await release();
    await cdm.untilReady();
    await expectToGoOn(pipeline, traffic);
  }, 400_000);
});

describe('a topic that was deleted', () => {
  it('shows as Kafka, and is read again when it is back', async () => {
    const { pipeline, traffic } = await atWork();
    const stg = pipeline.service('stg');
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
  }, 400_000);
});

describe('a consumer without a partition', () => {
  it('is ready: there are more replicas than partitions', async () => {
    const pipeline = await inPipeline(inject('stack'), { partitions: 1 });
    const replicas = [pipeline.service('cdm'), pipeline.replica('cdm')];
    await Promise.all(replicas.map((replica) => replica.start()));
    await new Promise((resolve) => setTimeout(resolve, 25_000));
    for (const replica of replicas) {
      expect(await readiness(replica)).toEqual({ status: 200, down: {} });
    }
  }, 200_000);
});
