import { expect, inject, it } from 'vitest';
import { findDifferences } from './guarantees/crash/find-differences';
import { inPipeline } from './guarantees/crash/in-pipeline';
import { drawSeed } from './history/seed';
import { randomTraffic } from './guarantees/orders/random-traffic';
import { dictionary } from './guarantees/orders/small-town';
import { Random } from './history/random';

/*
 * docs/operations.md, "More partitions": topics grow while orders flow, and the services are restarted one after the
 * other.
 */
it('more partitions while orders flow lose nothing, and nothing counts twice', async () => {
  const random = new Random(drawSeed());
  const pipeline = await inPipeline(inject('stack'), { partitions: 2 });
  const traffic = randomTraffic(random, 600);
  const send = (from: number, to: number, partitions: number) =>
    pipeline.sendOrders(
      traffic.slice(from, to).map((value) => ({ value, partition: random.whole(0, partitions - 1) })),
    );
  await pipeline.dictionary.put(dictionary);
  await pipeline.start();

  await send(0, 150, 2);
  await pipeline.topics.addPartitions(6);
  await send(150, 300, 6);
  for (const [name, from, to] of [
    ['stg', 300, 400],
    ['dds', 400, 500],
    ['cdm', 500, traffic.length],
  ] as const) {
    const restart = pipeline.service(name).restart();
    await send(from, to, 6);
    await restart;
  }
  await pipeline.settled();
  expect(await findDifferences(pipeline, dictionary)).toEqual([]);

  const used = (topic: string) =>
    pipeline.topics.read(topic).then((messages) => new Set(messages.map(({ partition }) => partition)));
  expect((await used('stg-service-orders')).size).toBeGreaterThan(2);
  expect((await used('dds-service-orders')).size).toBeGreaterThan(2);
}, 300_000);
