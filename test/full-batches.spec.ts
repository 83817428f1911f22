import { afterAll, expect, inject, it } from 'vitest';
import { Pipeline } from './harness/pipeline';
import { samplesOf } from './metrics/exposition';

/*
 * What waits in a partition comes in full batches: a small rest of one fetch is left for the next, and read with what
 * is behind it. A fetch of one partition has room for 1,000 of these messages and some more.
 */
const BYTES = 1_400;
const pipeline = new Pipeline(inject('stack'), { partitions: 1 });
afterAll(() => pipeline.remove());

it('a small rest of a fetch waits for what is behind it, and nothing is left in the end', async () => {
  await pipeline.prepare();
  const value = (id: number) =>
    `{"object_type":"user","object_id":${id},"note":"`.padEnd(BYTES - 2, 'x') + '"}';
  for (let first = 0; first < 3_100; first += 100) {
    // As small record batches: a broker sends whole ones.
    await pipeline.sendOrders(Array.from({ length: 100 }, (_, at) => ({ value: value(first + at) })));
  }
  await pipeline.start();
  await pipeline.settled();

  const page = await (await fetch(`${pipeline.service('stg').url}/metrics`)).text();
  const figure = (name: string) => samplesOf(page).find((sample) => sample.name === name)!.value;
  expect({
    messages: figure('order_vault_batch_messages_sum'),
    batches: figure('order_vault_batch_messages_count'),
  }).toEqual({ messages: 3_100, batches: 4 });
  const [skipped] = await pipeline.database.rows('SELECT count(*)::integer FROM stg.skipped_messages');
  expect(skipped).toEqual({ count: 3_100 });
});
