import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findDifferences } from './guarantees/crash/find-differences';
import { Traffic } from './guarantees/crash/traffic';
import { citusUrl, lacksCitus } from './harness/citus-database';
import { Pipeline } from './harness/pipeline';

/* All layers on a distributed PostgreSQL: `CITUS_URL`, see docs/operations.md. Staging is on its coordinator. */
describe.skipIf(lacksCitus())('on a distributed PostgreSQL', () => {
  let pipeline: Pipeline;
  let traffic: Traffic;

  beforeAll(async () => {
    pipeline = new Pipeline(inject('stack'), { servers: { stg: citusUrl, dds: citusUrl, cdm: citusUrl } });
    const byUser = { PARTITION_BY: 'user' };
    await pipeline.prepare({ variables: { stg: byUser, dds: byUser } });
    await pipeline.start();
    traffic = new Traffic(pipeline, { seed: 11, orders: 1_000, users: 100, restaurants: 8 });
    await traffic.open();
    await traffic.send();
    await traffic.complete();
    await pipeline.settled(90_000);
  });
  afterAll(() => pipeline.remove());

  it('vault and marts are those that the oracle expects', async () => {
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  });
});
