import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { charts, sqlOf, type Language } from '../dev/bi/charts';
import { writeOrders } from '../dev/dashboard/write-orders';
import { Pipeline } from './harness/pipeline';
import { guestFigures, type GuestFigures } from './oracle/guest-figures';
import { readTables } from './oracle/tables';

const typeNames: Record<number, string> = { 20: 'integer', 23: 'integer', 25: 'text', 1700: 'numeric' };

/* The schema `report` over a ledger of 3,000 orders of seven months that is written by SQL. */
describe('the schema report', () => {
  const pipeline = new Pipeline(inject('stack'));
  const { database } = pipeline;

  beforeAll(async () => {
    await pipeline.prepare();
    await database.pool.query(writeOrders(3_000, 200, 500));
  });
  afterAll(() => pipeline.remove());

  /** Of each view, the columns that {@link GuestFigures} has. */
  const columns: Record<keyof GuestFigures, string> = {
    monthly_guests: 'month, users, new_users, returning_users, orders',
    guest_cohorts: 'cohort, months_later, cohort_users, users, orders',
    repeat_orders: 'orders, users',
    dish_pairs: 'dish_id, other_dish_id, orders',
  };

  it('counts guests by month, cohort and number of orders, and the dishes that they order together', async () => {
    const figures = guestFigures((await readTables(database.pool))['cdm.order_versions']!);
    for (const [view, rows] of Object.entries(figures)) {
      const found = await database.rows<{ row: string }>(
        `SELECT concat_ws('|', ${columns[view as keyof GuestFigures]}) AS row FROM report.${view}`,
      );
      expect([view, found.map(({ row }) => row).sort()]).toEqual([view, rows]);
    }
    expect(figures.monthly_guests.length).toBeGreaterThan(6);
    expect(figures.guest_cohorts.length).toBeGreaterThan(10);
    expect(figures.dish_pairs.length).toBeGreaterThan(1000);
  });

  it('says the same shares and money in all views', async () => {
    const contradictions = await database.rows(/* sql */ `
      SELECT 'revenue of months' AS what FROM report.monthly_guests HAVING sum(revenue) <> (SELECT sum(revenue) FROM report.daily_sales)
      UNION ALL SELECT 'revenue of cohorts' FROM report.guest_cohorts
        HAVING sum(revenue) <> (SELECT sum(revenue) FROM report.daily_sales)
      UNION ALL SELECT 'share of a cohort' FROM report.guest_cohorts WHERE share_of_users <> round(users::numeric / cohort_users, 6)
      UNION ALL SELECT 'share of guests' FROM report.repeat_orders HAVING abs(sum(share_of_users) - 1) > 0.0001
      UNION ALL SELECT 'lift' FROM report.dish_pairs pair
        JOIN report.dish_popularity one USING (dish_id) JOIN report.dish_popularity other ON other.dish_id = other_dish_id
        WHERE abs(lift * one.share_of_orders * other.share_of_orders - pair.share_of_orders) > 0.00001 * (1 + lift)`);
    expect(contradictions).toEqual([]);
  });

  it.each(['ru', 'en'] satisfies Language[])(
    'gives its reader the rows of every chart of the workbooks, in language %s',
    async (language) => {
      const client = await database.pool.connect();
      try {
        await client.query('SET ROLE report_reader');
        for (const chart of charts) {
          const { rows, fields } = await client.query<unknown[]>({
            text: sqlOf(chart, language),
            rowMode: 'array',
          });
          expect([chart.name, rows.length > 5]).toEqual([chart.name, true]);
          expect(fields.map(({ name, dataTypeID }) => [name, typeNames[dataTypeID]])).toEqual(
            chart.columns.map(({ title, type }) => [title[language], type]),
          );
          // The label of a bar or slice stands for one thing.
          expect(new Set(rows.map((row) => (chart.kind === 'table' ? row.join() : row[0]))).size).toBe(
            rows.length,
          );
        }
      } finally {
        client.release(true);
      }
    },
  );

  it('has a comment in both languages on each view and column', async () => {
    const comments = await database.rows<{ name: string; comment: string | null }>(/* sql */ `
      SELECT view.relname AS name, obj_description(view.oid, 'pg_class') AS comment
      FROM pg_class view WHERE relnamespace = 'report'::regnamespace AND relkind = 'v'
      UNION ALL SELECT view.relname || '.' || attname, col_description(view.oid, attnum)
      FROM pg_class view JOIN pg_attribute ON attrelid = view.oid AND attnum > 0
      WHERE relnamespace = 'report'::regnamespace AND relkind = 'v'`);
    expect(comments.length).toBeGreaterThan(80);
    expect(comments.filter(({ comment }) => !/^[^/]*[а-я].* \/ .*[a-z]/i.test(comment ?? ''))).toEqual([]);
  });
});
