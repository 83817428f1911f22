import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServiceProcess } from '../harness/service-process';
import { usePipeline } from '../harness/use-pipeline';
import { findDifferences } from './crash/find-differences';
import { drawSeed, isLong } from '../history/seed';
import { Traffic } from './crash/traffic';

/*
 * Marts at which replicas meet are read while three replicas write them, one of which is killed: in every snapshot each
 * order of the ledger is counted exactly once. And no replica waits for a row of another.
 */
const pipeline = usePipeline();
const seed = drawSeed();
const SETTLE_MS = isLong ? 600_000 : 300_000;
const traffic = new Traffic(pipeline, {
  seed,
  orders: isLong ? 10_000 : 1_200,
  users: 60,
  restaurants: 3,
  isClean: true,
});

/** Rows that marts have and the ledger does not give, or the other way round, in one statement: of one moment. */
const look = /* sql */ `
  WITH ledger AS MATERIALIZED (SELECT * FROM cdm.order_versions), closed AS (SELECT * FROM ledger WHERE status = 'CLOSED'),
  lines AS (
    SELECT closed.*, product_id, category_id FROM closed, unnest(product_ids, category_ids) AS line (product_id, category_id)
  ),
  expected AS (
    SELECT 'daily_sales', ROW(order_dt::date, restaurant_id, count(*), count(*) FILTER (WHERE status = 'CLOSED'),
      coalesce(sum(cost) FILTER (WHERE status = 'CLOSED'), 0)::numeric(24, 5),
      coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)::numeric(24, 5))::text
    FROM ledger GROUP BY order_dt::date, restaurant_id
    UNION ALL
    SELECT 'product_popularity', ROW(product_id, count(*), count(DISTINCT user_id))::text FROM lines GROUP BY product_id
    UNION ALL
    SELECT 'category_popularity', ROW(category_id, count(DISTINCT order_id), count(DISTINCT user_id))::text
    FROM lines GROUP BY category_id
    UNION ALL
    SELECT 'restaurant_category_counters', ROW(restaurant_id, category_id, count(DISTINCT order_id))::text
    FROM lines GROUP BY restaurant_id, category_id
  ),
  found AS (
    SELECT 'daily_sales', ROW(day, restaurant_id, order_cnt, closed_order_cnt, cost, payment)::text FROM cdm.daily_sales
    UNION ALL
    SELECT 'product_popularity', ROW(product_id, order_cnt, user_cnt)::text FROM cdm.product_popularity
    UNION ALL
    SELECT 'category_popularity', ROW(category_id, order_cnt, user_cnt)::text FROM cdm.category_popularity
    UNION ALL
    SELECT 'restaurant_category_counters', ROW(restaurant_id, category_id, order_cnt)::text
    FROM cdm.restaurant_category_counters
  ),
  differing (mart, values) AS (
    (SELECT * FROM expected EXCEPT ALL SELECT * FROM found) UNION ALL (SELECT * FROM found EXCEPT ALL SELECT * FROM expected)
  )
  SELECT (SELECT sum(batch_cnt)::integer FROM cdm.counted_batches) AS batches,
    ARRAY(SELECT concat_ws(' ', differing.*) FROM differing ORDER BY 1) AS differences`;

/** Looks at the marts again and again until the work is done. */
async function lookDuring(
  work: () => Promise<void>,
): Promise<{ batches: Set<number>; differences: string[] }> {
  const reading = { isOn: true };
  const end = work().finally(() => (reading.isOn = false));
  end.catch(() => {}); // reported below
  const batches = new Set<number>();
  const differences: string[] = [];
  while (reading.isOn) {
    const [row] = await pipeline.database.rows<{ batches: number; differences: string[] }>(look);
    batches.add(row!.batches);
    differences.push(...row!.differences);
  }
  await end;
  return { batches, differences };
}

/** Locks what a batch in the middle of its transaction may hold of what all share, while the work is done. */
async function whileAnotherWrites(work: () => Promise<void>): Promise<void> {
  const other = new Client({ connectionString: pipeline.database.url });
  await other.connect();
  try {
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('cdm.slots'), 0)`);
    for (const name of [
      ...['daily_sales', 'product_popularity', 'category_popularity', 'restaurant_category_counters'].map(
        (mart) => `${mart}_slots WHERE slot = 0`,
      ),
      'product_names',
      'restaurant_names',
    ]) {
      expect((await other.query(`SELECT FROM cdm.${name} FOR UPDATE`)).rowCount).toBeGreaterThan(0);
    }
    await work();
  } finally {
    await other.end();
  }
}

describe('marts at which replicas meet', () => {
  let replicas: ServiceProcess[];

  beforeAll(async () => {
    await traffic.open();
    await traffic.send(Math.floor(traffic.length / 4));
    await pipeline.settled(SETTLE_MS);
    replicas = [pipeline.service('cdm'), pipeline.replica('cdm'), pipeline.replica('cdm')];
  }, SETTLE_MS);

  it(
    'are written while another transaction holds their rows, and the names of all products',
    async () => {
      // One that has just started does not know which names are kept.
      await replicas[0]!.stop();
      await Promise.all(replicas.map((replica) => replica.start()));
      await whileAnotherWrites(async () => {
        await traffic.send(Math.floor(traffic.length / 4));
        await pipeline.settled(SETTLE_MS);
      });
      const slots = await pipeline.database.rows<{ slot: number }>(
        'SELECT DISTINCT slot FROM cdm.daily_sales_slots ORDER BY slot',
      );
      expect(slots.slice(0, 2)).toEqual([{ slot: 0 }, { slot: 1 }]);
    },
    SETTLE_MS,
  );

  it(
    'say what the ledger says, whenever they are read',
    async () => {
      const piece = Math.ceil(traffic.left / 4);
      const { batches, differences } = await lookDuring(async () => {
        await traffic.send(piece);
        await replicas[2]!.kill();
        while (traffic.left > 0) {
          await pipeline.settled(SETTLE_MS);
          await traffic.send(Math.min(piece, traffic.left));
        }
        await pipeline.settled(SETTLE_MS);
      });
      expect(differences).toEqual([]);
      // Else the test would have shown nothing.
      expect(batches.size).toBeGreaterThan(2);
      expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    },
    SETTLE_MS,
  );
});
