import { beforeAll, expect, it } from 'vitest';
import { dictionary } from '../guarantees/orders/small-town';
import { line, sourceText } from '../guarantees/orders/source-text';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 5: A TAG
 *
 * This is what the counting is for: guests get tags by what they order. Marketing writes rules, cdm applies each to the
 * orders so far, and keeps to it with every order and every correction. A campaign system reads each change from a
 * topic.
 *
 * @module-tag short
 */
const token = 'a secret of operators';
const pipeline = usePipeline({ variables: { cdm: { API_TOKEN: token } } });

beforeAll(() => pipeline.dictionary.put(dictionary));

it('comes from a rule', async () => {
  const answer = await fetch(`${pipeline.service('cdm').url}/api/tag-rules`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"tag":"soup lover","match":{"category":"Soups"},"min_orders":2}',
  });
  expect(answer.status).toBe(201);
});

it('is given when enough orders are closed', async () => {
  await pipeline.sendOrders([{ value: sourceText({ id: 1, user: 'u1', items: [line('d1')] }) }]);
  await pipeline.settled();
  // One bowl of soup is no love yet.
  await expectTable(pipeline)`
    SELECT source_user_id, tag, order_cnt FROM cdm.user_tags JOIN cdm.users USING (user_id);
      source_user_id  tag  order_cnt
  `;

  await pipeline.sendOrders([{ value: sourceText({ id: 2, user: 'u1', items: [line('d2')] }) }]);
  await pipeline.settled();
  await expectTable(pipeline)`
    SELECT source_user_id, tag, order_cnt FROM cdm.user_tags JOIN cdm.users USING (user_id);
      source_user_id  tag         order_cnt
      u1              soup lover  2
  `;
});

it('is taken back when a correction takes an order away', async () => {
  const cancelled = { status: 'CANCELLED', updateTs: '2024-03-01 14:00:00' };
  await pipeline.sendOrders([
    { value: sourceText({ id: 2, user: 'u1', items: [line('d2')], ...cancelled }) },
  ]);
  await pipeline.settled();
  await expectTable(pipeline)`
    SELECT source_user_id, tag, order_cnt FROM cdm.user_tags JOIN cdm.users USING (user_id);
      source_user_id  tag  order_cnt
  `;
  // The cancelled order has left the counters too. A counter that falls to zero has no row.
  await expectTable(pipeline)`
    SELECT product_name, order_cnt FROM cdm.user_product_counters;
      product_name  order_cnt
      Borscht       1
  `;
});

it('reaches the campaign system each time, numbered for each guest', async () => {
  // An event is a row of `cdm.user_tag_events` first, in the transaction of the batch. A job sends it. After a crash it
  // may come twice, with the same number.
  const events = await pipeline.outputs('cdm');
  expect(events.map(({ value }) => JSON.parse(String(value)) as object)).toMatchObject([
    { event_number: 1, event: 'assigned', source_user_id: 'u1', tag: 'soup lover', order_cnt: 2 },
    { event_number: 2, event: 'revoked', source_user_id: 'u1', tag: 'soup lover', order_cnt: 1 },
  ]);
});
