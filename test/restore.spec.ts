import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { findDifferences } from './guarantees/crash/find-differences';
import { inPipeline } from './guarantees/crash/in-pipeline';
import { Traffic } from './guarantees/crash/traffic';
import type { Pipeline } from './harness/pipeline';
import { tableDifferences } from './oracle/differences';
import { readTables } from './oracle/tables';

/*
 * docs/operations.md, "After a restore": an older state of the database and another reading of the source end in the same warehouse. The
 * steps here are those of the page.
 */
it('a database that is restored from an older backup ends as it was, once stg reads the source again', async () => {
  const pipeline = await inPipeline(inject('stack'));
  const traffic = new Traffic(pipeline, { seed: 31, orders: 800 });
  await traffic.open();
  await pipeline.start();

  // In the middle of work: stg is ahead of dds, dds of cdm; some orders wait for the dictionary, and some are not yet read.
  await traffic.send(Math.floor(traffic.length / 2));
  await untilCounted(pipeline, 1);
  await pipeline.stopServices();
  await pipeline.database.backUp();
  expect(await pipeline.unread('cdm')).not.toEqual([]);

  await pipeline.start();
  await traffic.send(Math.floor(traffic.left / 2));
  await traffic.complete();
  await pipeline.settled();
  await traffic.send();
  await pipeline.settled();
  expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  const before = await readTables(pipeline.database.pool);

  // When the database goes, dds and cdm have something left to read.
  const again = await pipeline.topics.read('order-service_orders');
  await pipeline.service('dds').stop();
  await pipeline.service('cdm').stop();
  await pipeline.sendOrders(again.slice(0, 50));
  await pause(500);
  await pipeline.stopServices();
  await pipeline.database.restore();
  expect(tableDifferences(before, await readTables(pipeline.database.pool))).not.toEqual([]);

  await pipeline.topics.skipToEnd('stg-service-orders', pipeline.group('dds'));
  await pipeline.topics.skipToEnd('dds-service-orders', pipeline.group('cdm'));
  await pipeline.topics.rewind([pipeline.group('stg')]);
  await pipeline.start();
  await pipeline.settled();
  expect(tableDifferences(before, await readTables(pipeline.database.pool))).toEqual([]);
}, 300_000);

async function untilCounted(pipeline: Pipeline, orders: number): Promise<void> {
  for (;;) {
    const [row] = await pipeline.database.rows<{ count: number }>(
      'SELECT count(*)::integer AS count FROM cdm.order_versions',
    );
    if (row!.count >= orders) return;
    await pause(20);
  }
}
