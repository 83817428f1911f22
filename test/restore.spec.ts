import { expect, inject, it } from 'vitest';
import { eventually } from './harness/eventually';
import { findDifferences } from './guarantees/crash/find-differences';
import { inPipeline } from './guarantees/crash/in-pipeline';
import { isLong } from './history/seed';
import { Traffic } from './guarantees/crash/traffic';
import type { ServiceName } from './harness/service-process';
import { tableDifferences } from './oracle/differences';
import type { Tables } from './oracle/rows';
import { readTables } from './oracle/tables';

/*
 * docs/operations.md, "After a restore": an older state of the database and another reading of the source end in the
 * same warehouse. The steps here are those of the page.
 */
it('a database that is restored from an older backup ends as it was, once stg reads the source again', async () => {
  const pipeline = await inPipeline(inject('stack'));
  const traffic = new Traffic(pipeline, { seed: 31, orders: isLong ? 800 : 300 });
  await traffic.open();
  await pipeline.start();

  // The backup is taken in the middle of work: of each quarter one service less has heard, and some orders wait for the
  // dictionary.
  const quarter = Math.floor(traffic.length / 4);
  await traffic.send(quarter);
  await pipeline.settled();
  await pipeline.service('cdm').stop();
  await traffic.send(quarter);
  await read('dds');
  await pipeline.service('dds').stop();
  await traffic.send(quarter);
  await read('stg');
  await pipeline.service('stg').stop();
  await pipeline.database.backUp();

  await pipeline.start();
  await traffic.send();
  await traffic.complete();
  await pipeline.settled();
  expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  const before = await warehouse();

  // When the database goes, dds and cdm have something left to read.
  await pipeline.service('dds').stop();
  await pipeline.service('cdm').stop();
  const [first] = await pipeline.topics.read('order-service_orders');
  await pipeline.sendOrders([{ value: first!.value }]);
  await read('stg');
  await pipeline.service('stg').stop();
  await pipeline.database.restore();
  expect(tableDifferences(before, await warehouse())).not.toEqual([]);

  await pipeline.topics.skipToEnd('stg-service-orders', pipeline.group('dds'));
  await pipeline.topics.skipToEnd('dds-service-orders', pipeline.group('cdm'));
  await pipeline.topics.rewind([pipeline.group('stg')]);
  await pipeline.start();
  await pipeline.settled();
  expect(tableDifferences(before, await warehouse())).toEqual([]);

  /** All but what depends on which version of an order, or copy of a message, came first. */
  async function warehouse(): Promise<Tables> {
    const tables = await readTables(pipeline.database.pool);
    tables['dds.h_order']!.forEach((order) => delete order.order_dt);
    for (const table of ['stg.order_events', 'stg.superseded_order_events']) {
      tables[table]!.forEach((version) => delete version.place);
    }
    return tables;
  }

  function read(name: ServiceName): Promise<void> {
    return eventually(async () => (await pipeline.unread(name))[0], 180_000);
  }
}, 600_000);
