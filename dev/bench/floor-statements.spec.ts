import { describe, expect, it } from 'vitest';
import { insertBatch, selectBatches } from './floor-statements';

const orders = { name: 'cdm.order_versions', rows: 'SELECT * FROM orders', key: ['order_id'] };
const columns = [
  { name: 'order_id', type: 'uuid' },
  { name: 'cost', type: 'numeric(19,5)' },
  { name: 'product_ids', type: 'uuid[]' },
  { name: 'load_src', type: 'text' },
];

describe('the statements of the floor', () => {
  it('read every batch as one sorted array a column, lists as texts', () => {
    expect(selectBatches({ ...orders, key: ['order_id', 'cost'] }, columns)).toBe(
      'SELECT batch, count(*) AS rows, array_agg(order_id ORDER BY order_id, cost) AS order_id, ' +
        'array_agg(cost ORDER BY order_id, cost) AS cost, array_agg(product_ids::text ORDER BY order_id, cost) AS product_ids ' +
        'FROM (SELECT * FROM orders) AS filled GROUP BY batch ORDER BY batch',
    );
  });

  it('insert a batch with one parameter a column, constants in the statement', () => {
    expect(insertBatch(orders, columns)).toBe(
      'INSERT INTO cdm.order_versions (order_id, cost, product_ids, load_src) ' +
        "SELECT order_id, cost, product_ids::uuid[], 'stg-service-orders' " +
        'FROM unnest($1::uuid[], $2::numeric(19,5)[], $3::text[]) AS batch (order_id, cost, product_ids) ' +
        'ON CONFLICT DO NOTHING',
    );
  });

  it('add to counters', () => {
    const counter = { name: 'cdm.counters', rows: '', key: ['user_id', 'product_id'], counts: ['order_cnt'] };
    expect(insertBatch(counter, [{ name: 'order_cnt', type: 'integer' }])).toContain(
      'ON CONFLICT (user_id, product_id) DO UPDATE SET order_cnt = counters.order_cnt + EXCLUDED.order_cnt',
    );
  });
});
