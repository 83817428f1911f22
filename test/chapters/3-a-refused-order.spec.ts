import { beforeAll, expect, it } from 'vitest';
import { dictionary } from '../guarantees/orders/small-town';
import { line, sourceText } from '../guarantees/orders/source-text';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 3: A REFUSED ORDER
 *
 * Everything that comes has one of four fates, and is never dropped in silence:
 *
 *     processed       it goes through to the marts: chapter 1
 *     parked          it waits for the dictionary: chapter 2
 *     skipped         it is no order, or has no payload; its place is recorded
 *     dead-lettered   it can never be used; a topic of its own holds it as it came, with the reason
 *
 * A server that is down is never a reason to refuse a message: the services wait for it.
 *
 * @module-tag short
 */
const pipeline = usePipeline();

const messages = [
  sourceText({ id: 1 }),
  '{"object_id":2,"object_type":"user"}', // no order
  '{"object_id":3,"object_type":"order","payload":{', // cut off
  sourceText({ id: 4, items: [line('d1', 100, 0)] }), // no portion at all
  sourceText({ id: 5 }),
];

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders(messages.map((value) => ({ value }))); // at once, so that they come in one batch
  await pipeline.settled();
});

it('is one dead letter, as it came, with its reason', async () => {
  const letters = await pipeline.deadLetters('stg');
  expect(
    letters.map(({ value, headers }) => ({
      value: String(value),
      offset: String(headers['dlq.offset']),
      reason: String(headers['dlq.reason']),
      message: String(headers['dlq.message']),
    })),
  ).toEqual([
    {
      value: messages[2],
      offset: '2',
      reason: 'invalid_json', // from a closed list, so that alerts and people can go by it
      message: expect.stringContaining('JSON'),
    },
    {
      value: messages[3],
      offset: '3',
      reason: 'invalid_message',
      message: 'payload.order_items[0].quantity must be a whole number from 1, got 0', // field and value
    },
  ]);
});

it('harms itself alone: what came with it goes through', async () => {
  await expectTable(pipeline)`
    SELECT object_id FROM stg.order_events ORDER BY object_id;
      object_id
      1
      5
  `;
  await expectTable(pipeline)`
    SELECT order_id FROM dds.h_order ORDER BY order_id;
      order_id
      1
      5
  `;
  await expectTable(pipeline)`
    SELECT product_name, order_cnt FROM cdm.user_product_counters;
      product_name  order_cnt
      Borscht       2
  `;
});

it('is not what is no order: that is recorded by its place in the topic', async () => {
  await expectTable(pipeline)`
    SELECT partition, message_offset, object_type FROM stg.skipped_messages;
      partition  message_offset  object_type
      0          1               user
  `;
});

it('counts once the source sends it as it should be', async () => {
  // Where the message was right and a service was wrong, `npm run dead-letters -- replay` sends it again instead.
  await pipeline.sendOrders([{ value: sourceText({ id: 4, items: [line('d1', 100, 1)] }) }]);
  await pipeline.settled();
  await expectTable(pipeline)`
    SELECT product_name, order_cnt FROM cdm.user_product_counters;
      product_name  order_cnt
      Borscht       3
  `;
});
