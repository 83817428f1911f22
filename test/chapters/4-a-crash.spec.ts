import { beforeAll, expect, it } from 'vitest';
import { dyingAt } from '../failpoints/dying-at';
import { dictionary } from '../guarantees/orders/small-town';
import { sourceText } from '../guarantees/orders/source-text';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 4: A CRASH
 *
 * A service takes a batch of messages through three steps, always in this order:
 *
 *     1. PostgreSQL has committed all that the batch changes
 *     2. what follows from it is sent on, and Kafka has acknowledged it
 *     3. the offset moves: Kafka notes that the batch is read
 *
 * When a service dies between two steps, the offset has not moved. So its successor reads the batch again, and does the
 * steps again. The tables do not notice, as in chapter 1. The next topic may have a message twice, and the service that
 * reads it does not notice either. Nothing is lost, and nothing counts twice.
 *
 * @module-tag short
 */
const pipeline = usePipeline();

beforeAll(() => pipeline.dictionary.put(dictionary));

it('after a message was sent on and before its offset moved makes the topic repeat it, and counts once', async () => {
  // In place of stg as it is shipped, stg of a build that dies at the point that it is given, as by `kill -9`.
  await pipeline.service('stg').stop();
  const victim = pipeline.replica('stg', dyingAt('after_publish'), 'dist-failpoints');
  await victim.start();
  await pipeline.sendOrders([{ value: sourceText({ id: 1 }) }]);
  expect(await victim.ended(60_000)).toEqual({ code: null, signal: 'SIGKILL' });

  // The order is staged and sent on, and Kafka does not know that it is read.
  await expectTable(pipeline)`
    SELECT object_id FROM stg.order_events;
      object_id
      1
  `;
  expect(await pipeline.outputs('stg')).toHaveLength(1);
  expect(await pipeline.unread('stg')).toHaveLength(1);

  // The successor waits until Kafka gives the victim up, which takes ten seconds, and does all of it again.
  await pipeline.service('stg').start();
  await pipeline.settled();
  expect(await pipeline.unread('stg')).toEqual([]);
  const [first, second, ...others] = await pipeline.outputs('stg');
  expect(String(second!.value)).toBe(String(first!.value));
  expect(others).toEqual([]);

  await expectTable(pipeline)`
    SELECT (SELECT count(*) FROM stg.order_events) AS staged, (SELECT count(*) FROM dds.s_order_details) AS in_vault,
    (SELECT order_cnt FROM cdm.user_product_counters) AS counted;
      staged  in_vault  counted
      1       1         1
  `;
});
