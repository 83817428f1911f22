import { describe, expect, it } from 'vitest';
import { DailySales } from './daily-sales.entity';
import { ProductPopularity } from './product-popularity.entity';
import { RestaurantCategoryCounter } from './restaurant-category-counters.entity';
import { UserCategoryCounter } from './user-category-counters.entity';
import { UserProductCounter } from './user-product-counters.entity';
import { martOf } from './declare-mart';
import { additionTo, statementsOf } from './mart-statements';
import { marts } from './marts';
import { recount } from './recount';

const text = (sql: string) => sql.replaceAll(/\s+/g, ' ').trim();

describe('statements of a mart', () => {
  it('delete where the first measure falls to zero, and add to all of them', () => {
    const { remove, update } = statementsOf(martOf(UserCategoryCounter));
    const change =
      'unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (user_id, category_id, order_cnt)';
    const isSame =
      'mart.user_id = change.user_id AND mart.category_id = change.category_id AND mart.user_id = ANY ($1::uuid[])';
    expect(text(remove.text)).toContain(
      `DELETE FROM cdm.user_category_counters AS mart USING ${change} WHERE ${isSame} AND mart.order_cnt + change.order_cnt = 0`,
    );
    expect(text(update.text)).toBe(
      'UPDATE cdm.user_category_counters AS mart SET order_cnt = mart.order_cnt + change.order_cnt ' +
        `FROM ${change} WHERE ${isSame}`,
    );
  });

  it('take names from where they are kept, else with the change', () => {
    expect(text(statementsOf(martOf(UserProductCounter)).upsert.text)).toContain(
      'INSERT INTO cdm.user_product_counters AS mart (product_id, user_id, product_name, order_cnt) ' +
        'SELECT product_id, user_id, product_name, order_cnt ' +
        'FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS change (product_id, user_id, order_cnt) ' +
        'JOIN cdm.product_names USING (product_id) ' +
        'ON CONFLICT (product_id, user_id) DO UPDATE SET order_cnt = mart.order_cnt + EXCLUDED.order_cnt',
    );
  });

  it('add to a slot where replicas meet, in the order of the grain, with names that no table keeps', () => {
    expect(text(additionTo(martOf(RestaurantCategoryCounter)).text)).toBe(
      'INSERT INTO cdm.restaurant_category_counters_slots AS mart (restaurant_id, category_id, order_cnt, category_name, slot) ' +
        'SELECT restaurant_id, category_id, order_cnt, category_name, $5::integer ' +
        'FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[]) AS change (restaurant_id, category_id, order_cnt, category_name) ' +
        'ORDER BY restaurant_id, category_id ON CONFLICT (restaurant_id, category_id, slot) ' +
        'DO UPDATE SET order_cnt = mart.order_cnt + EXCLUDED.order_cnt, category_name = coalesce(mart.category_name, EXCLUDED.category_name)',
    );
  });

  it('answer how many rows came and went where another mart counts them', () => {
    const { remove, upsert } = statementsOf(martOf(UserProductCounter));
    const answer =
      'SELECT product_id, sum(came)::integer AS rows FROM moved GROUP BY product_id HAVING sum(came) <> 0';
    expect(text(remove.text)).toMatch(
      /^WITH moved AS \( DELETE FROM .* RETURNING mart\.product_id, -1 AS came\) /,
    );
    expect(text(upsert.text)).toMatch(
      /^WITH moved AS \( INSERT INTO .* RETURNING mart\.product_id, \(mart\.xmax = 0\)::integer AS came\) /,
    );
    expect([text(remove.text), text(upsert.text)]).toEqual([
      expect.stringContaining(answer),
      expect.stringContaining(answer),
    ]);
  });
});

describe('the list of marts', () => {
  it('has those of users first, and none before one whose rows it counts', () => {
    const shared = marts.map(({ slots }) => slots !== undefined);
    expect(shared).toEqual(shared.toSorted());
    marts.forEach((mart, place) => {
      mart.countedBy.forEach((other) => expect(marts.indexOf(other)).toBeGreaterThan(place));
    });
  });
});

describe('recount', () => {
  it('counts only CLOSED orders where rows stand for them', () => {
    expect(text(recount(martOf(ProductPopularity)))).toBe(
      'SELECT product_id, coalesce(count(*), 0)::integer AS order_cnt, coalesce(count(DISTINCT user_id), 0)::integer AS user_cnt ' +
        'FROM cdm.order_versions AS ledger CROSS JOIN LATERAL unnest(product_ids) AS product_id ' +
        `WHERE status = 'CLOSED' GROUP BY product_id`,
    );
  });

  it('counts by other columns of the ledger besides', () => {
    expect(text(recount(martOf(DailySales), '(SELECT 1)', ['batch']))).toBe(
      'SELECT batch, order_dt::date AS day, restaurant_id, coalesce(count(*), 0)::integer AS order_cnt, ' +
        `coalesce(count(*) FILTER (WHERE status = 'CLOSED'), 0)::integer AS closed_order_cnt, ` +
        `coalesce(sum(cost) FILTER (WHERE status = 'CLOSED'), 0)::numeric AS cost, ` +
        `coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)::numeric AS payment ` +
        'FROM (SELECT 1) AS ledger GROUP BY batch, day, restaurant_id',
    );
  });
});
