import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SlotSharedMarts1700000008000 } from '../migrations/1700000008000-slot-shared-marts';
import { ScratchDatabase } from './harness/scratch-database';

/*
 * Marts at which replicas meet became views over slots. Their readers read the same under the same names: the
 * views of the schema report, views of others, and roles with a right of their own.
 */
const database = new ScratchDatabase(inject('stack').DATABASE_URL, `test_slots_${process.pid}`);
const reader = `reader_${process.pid}`;
const migration = new SlotSharedMarts1700000008000();
let source: DataSource;
let runner: QueryRunner;

const restaurant = `md5('restaurant')::uuid`;
const category = `md5('category')::uuid`;

const questions = [
  'SELECT * FROM cdm.restaurant_category_counters',
  'SELECT * FROM cdm.category_popularity',
  'SELECT * FROM cdm.product_popularity',
  'SELECT * FROM cdm.daily_sales ORDER BY day',
  'SELECT * FROM report.daily_sales ORDER BY day',
  'SELECT * FROM report.restaurant_categories',
  'SELECT * FROM theirs.days ORDER BY day',
  'SELECT * FROM theirs.best_day',
];

async function answers(): Promise<unknown[]> {
  await runner.query(`SET ROLE ${reader}`);
  try {
    const rows: unknown[] = [];
    for (const question of questions) {
      rows.push(await runner.query(question));
    }
    return rows;
  } finally {
    await runner.query('RESET ROLE');
  }
}

beforeAll(async () => {
  await database.create();
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  runner = source.createQueryRunner();
  await runner.query(`
    CREATE ROLE ${reader};
    CREATE SCHEMA theirs;
    CREATE VIEW theirs.days WITH (security_barrier = true) AS
      SELECT day, sum(order_cnt) AS orders, sum(payment) AS money FROM cdm.daily_sales AS sales GROUP BY day;
    CREATE VIEW theirs.best_day AS SELECT day FROM theirs.days ORDER BY money DESC LIMIT 1;
    GRANT USAGE ON SCHEMA cdm, report, theirs TO ${reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA report, theirs TO ${reader};
    GRANT SELECT ON cdm.daily_sales, cdm.restaurant_category_counters, cdm.category_popularity TO ${reader};
    GRANT SELECT (product_id, order_cnt, user_cnt) ON cdm.product_popularity TO ${reader};
    INSERT INTO cdm.restaurant_names VALUES (${restaurant}, 'Upstairs', '2024-01-01', false);
    INSERT INTO cdm.restaurant_category_counters_slots (restaurant_id, category_id, category_name, order_cnt, slot)
    VALUES (${restaurant}, ${category}, 'Soups', 3, 0), (${restaurant}, ${category}, NULL, -1, 4);
    INSERT INTO cdm.category_popularity_slots (category_id, category_name, order_cnt, user_cnt, slot)
    VALUES (${category}, NULL, -1, 0, 0), (${category}, 'Soups', 3, 2, 1),
      (${restaurant}, 'Gone', 1, 1, 0), (${restaurant}, NULL, -1, -1, 1);
    INSERT INTO cdm.product_popularity_slots (product_id, order_cnt, user_cnt, slot)
    VALUES (${category}, 3, 2, 0), (${category}, -1, 0, 2);
    INSERT INTO cdm.daily_sales_slots (day, restaurant_id, order_cnt, closed_order_cnt, cost, payment, slot)
    VALUES ('2024-01-01', ${restaurant}, 3, 3, 30.5, 30, 0), ('2024-01-01', ${restaurant}, 0, -1, -10.5, -10, 1),
      ('2024-01-02', ${restaurant}, 1, 0, 0, 0, 1)`);
});

afterAll(async () => {
  await runner?.query(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
  await source?.destroy();
  await database.drop();
});

describe('the migration to slots', () => {
  it('changes nothing for readers, down and up again', async () => {
    const before = await answers();
    expect(before).toMatchObject([
      [{ restaurant_name: 'Upstairs', category_name: 'Soups', order_cnt: 2 }],
      [{ category_name: 'Soups', order_cnt: 2, user_cnt: 2 }],
      [{ order_cnt: 2, user_cnt: 2 }],
      [
        { order_cnt: 3, closed_order_cnt: 2, cost: '20.00000', payment: '20.00000' },
        { order_cnt: 1, closed_order_cnt: 0, cost: '0.00000' },
      ],
      [{ restaurant: 'Upstairs', orders: 3 }, { orders: 1 }],
      [{ restaurant: 'Upstairs', category: 'Soups', orders: 2 }],
      [{ orders: '3', money: '20.00000' }, { orders: '1' }],
      [{}],
    ]);
    await migration.down(runner);
    expect(await answers()).toEqual(before);
    await migration.up(runner);
    expect(await answers()).toEqual(before);
    expect(await runner.query(`SELECT reloptions FROM pg_class WHERE oid = 'theirs.days'::regclass`)).toEqual(
      [{ reloptions: ['security_barrier=true'] }],
    );
  });

  it('stops where a materialized view reads a mart, and names it', async () => {
    await migration.down(runner);
    await runner.query('CREATE MATERIALIZED VIEW theirs.totals AS SELECT sum(payment) FROM cdm.daily_sales');
    await expect(migration.up(runner)).rejects.toThrow(
      'materialized views read marts that become views: theirs.totals. Drop them, migrate, and create them again',
    );
    await runner.query('DROP MATERIALIZED VIEW theirs.totals');
    await migration.up(runner);
  });
});
