import { DataSource, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { toOldForm, type Conditions } from '../apps/cdm/src/tags/conditions';
import { conditionErrors } from '../apps/cdm/src/tags/conditions-input';
import { verdictOf } from '@app/warehouse/sqlstate';
import { RulesWithConditions1700000010000 } from '../migrations/1700000010000-rules-with-conditions';
import { HoldBackOlderCdm1700000024000 } from '../migrations/1700000024000-hold-back-older-cdm';
import { ScratchDatabase } from './harness/scratch-database';

/*
 * Rules became conditions. What is there stays: rules under their ids, the tags that they gave, and what is known of
 * each user; the ledger learns items and money of its products from the vault.
 */
const database = new ScratchDatabase(inject('stack').DATABASE_URL, `test_rules_${process.pid}`);
const migration = new RulesWithConditions1700000010000();
const later = new HoldBackOlderCdm1700000024000();
let source: DataSource;
let runner: QueryRunner;

const rule = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const [anna, soup, tea] = [`md5('anna')::uuid`, `md5('soup')::uuid`, `md5('tea')::uuid`] as const;

/** Anna has four CLOSED orders, of soup in two lines and tea in one; of one of them the vault has another version. */
const before = /* sql */ `
  INSERT INTO cdm.users (user_id, source_user_id, closed_order_cnt) VALUES (${anna}, 'anna', 4);
  INSERT INTO dds.h_product (h_product_pk, product_id, load_src) VALUES (${soup}, 'soup', 't'), (${tea}, 'tea', 't');
  INSERT INTO dds.h_order (h_order_pk, order_id, order_dt, load_src)
  SELECT md5(n::text)::uuid, n, '2024-01-01', 't' FROM generate_series(1, 4) n;
  INSERT INTO dds.l_order_product (hk_order_product_pk, h_order_pk, h_product_pk, load_src)
  SELECT md5(n || product::text)::uuid, md5(n::text)::uuid, product, 't'
  FROM generate_series(1, 4) n CROSS JOIN unnest(ARRAY[${soup}, ${tea}]) AS product;
  INSERT INTO dds.s_order_product (hk_order_product_pk, order_version, line, name, price, quantity, category_name, valid_from,
    hk_order_product_hashdiff, load_src)
  SELECT md5(n || product::text)::uuid, version, line, 'x', price, quantity, 'x', '2024-01-01', gen_random_uuid(), 't'
  FROM generate_series(1, 4) n CROSS JOIN (VALUES
    (${soup}, '1', 1, 9, 9), (${soup}, '2', 1, 1.5, 2), (${soup}, '2', 3, 2.25, 3), (${tea}, '2', 2, 0.5, 1)
  ) AS line (product, version, line, price, quantity);
  INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment, product_ids,
    category_ids)
  SELECT md5(n::text)::uuid, n, CASE n WHEN 4 THEN '3' ELSE '2' END, ${anna}, md5('deli')::uuid, 'CLOSED', now() - make_interval(days => n),
    10, 10, ARRAY(SELECT unnest(ARRAY[${soup}, ${tea}]) ORDER BY 1), ARRAY[md5('c')::uuid, md5('c')::uuid]
  FROM generate_series(1, 4) n;
  INSERT INTO cdm.tag_rules (id, tag, category, product_id, product_pattern, restaurant_id, min_orders, window_days, enabled, created_by) VALUES
    ('${rule(1)}', 'hot', 'Hot', NULL, NULL, NULL, 2, NULL, true, 'olga'),
    ('${rule(2)}', 'soup', NULL, 'soup', NULL, NULL, 5, NULL, true, 'olga'),
    ('${rule(3)}', 'lately', NULL, NULL, NULL, 'deli', 1, 30, true, 'olga'),
    ('${rule(4)}', 'tea', NULL, NULL, 'ЧАЙ', NULL, 9, NULL, true, 'olga'),
    ('${rule(5)}', 'none', 'Cold', NULL, NULL, NULL, 1, NULL, false, 'olga');
  DELETE FROM cdm.tag_evaluations;
  INSERT INTO cdm.tag_rule_products VALUES ('${rule(4)}', ${tea});
  INSERT INTO cdm.tag_rule_counts (user_id, rule_id, order_cnt, until) VALUES
    (${anna}, '${rule(1)}', 4, NULL), (${anna}, '${rule(2)}', 4, NULL), (${anna}, '${rule(3)}', 4, '2030-01-01');
  INSERT INTO cdm.user_tags (user_id, tag, order_cnt, since) VALUES (${anna}, 'hot', 2, '2024-01-01'), (${anna}, 'lately', 1, '2024-02-01')`;

const kept = () =>
  Promise.all([
    runner.query('SELECT id, tag, enabled, created_by, created_at FROM cdm.tag_rules ORDER BY id'),
    runner.query('SELECT * FROM cdm.user_tags ORDER BY tag'),
    runner.query('SELECT * FROM cdm.tag_evaluations'),
    runner.query('SELECT rule_id, product_id FROM cdm.tag_rule_products'),
  ]);

beforeAll(async () => {
  await database.create();
  source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  runner = source.createQueryRunner();
  await later.down(runner);
  await migration.down(runner);
  await runner.query(before.replace('3', '3'));
});
afterAll(async () => {
  await runner?.release();
  await source?.destroy();
  await database.drop();
});

it('rules keep what they said, their ids, and the tags that they gave', async () => {
  const old = (await runner.query(
    `SELECT jsonb_strip_nulls(jsonb_build_object('category', category, 'product_id', product_id, 'product_pattern', product_pattern,
       'restaurant_id', restaurant_id)) AS match, min_orders, window_days FROM cdm.tag_rules ORDER BY id`,
  )) as { window_days: number | null }[];
  const same = await kept();
  await migration.up(runner);
  expect(await kept()).toEqual(same);
  const rules = (await runner.query('SELECT conditions FROM cdm.tag_rules ORDER BY id')) as {
    conditions: Conditions;
  }[];
  expect(rules.flatMap(({ conditions }) => conditionErrors(conditions, 'conditions'))).toEqual([]);
  expect(rules.map(({ conditions }) => ({ window_days: null, ...toOldForm(conditions) }))).toEqual(old);
});

it('users keep what is known of them', async () => {
  expect(
    await runner.query(
      'SELECT rule_id, holds, order_cnt, until::text, recheck_cnt, watched FROM cdm.user_rule_states ORDER BY rule_id',
    ),
  ).toEqual([
    { rule_id: rule(1), holds: true, order_cnt: 4, until: null, recheck_cnt: null, watched: 0 },
    // One more order is missing.
    { rule_id: rule(2), holds: false, order_cnt: 4, until: null, recheck_cnt: 5, watched: 1 },
    {
      rule_id: rule(3),
      holds: true,
      order_cnt: 4,
      until: '2030-01-01 00:00:00',
      recheck_cnt: null,
      watched: 0,
    },
  ]);
});

it('the ledger learns items and money from the vault, of the versions that it has', async () => {
  const lines = await runner.query(
    `SELECT object_id, product_id = ${soup} AS is_soup, quantity, trim_scale(amount) AS amount
     FROM cdm.order_versions LEFT JOIN LATERAL unnest(product_ids, quantities, amounts) AS line (product_id, quantity, amount) ON true
     WHERE object_id IN (1, 4) ORDER BY object_id, is_soup`,
  );
  expect(lines).toEqual([
    { object_id: '1', is_soup: false, quantity: '1', amount: '0.5' },
    { object_id: '1', is_soup: true, quantity: '5', amount: '9.75' },
    { object_id: '4', is_soup: false, quantity: null, amount: null },
    { object_id: '4', is_soup: true, quantity: null, amount: null },
  ]);
});

it('holds back what cdm of the release before writes, and refuses no order of it', async () => {
  await later.up(runner);
  const written = runner.query(
    `INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment,
       product_ids, category_ids)
     SELECT gen_random_uuid(), 5, order_version, user_id, restaurant_id, status, order_dt, cost, payment, product_ids, category_ids
     FROM cdm.order_versions WHERE object_id = 1`,
  );
  await expect(written).rejects.toThrow('cdm is of an older release than its tables: update it');
  expect(await written.catch(verdictOf)).toBe('wait');
  await later.down(runner);
});

it('goes back, without the rules that could not be said before', async () => {
  await runner.query(
    `INSERT INTO cdm.tag_rules (tag, conditions) VALUES
       ('two', '{"all_of":[{"count":"orders","at_least":1},{"count":"orders","match":{"category":"Hot"},"at_least":1}]}'),
       ('list', '{"all_of":[{"count":"orders","match":{"category":["Hot","Cold"]},"at_least":1}]}'),
       ('most', '{"all_of":[{"count":"orders","match":{"category":"Hot"},"at_least":1,"at_most":2}]}')`,
  );
  await migration.down(runner);
  expect(
    await runner.query(
      'SELECT tag, category, product_pattern, min_orders, window_days FROM cdm.tag_rules ORDER BY id',
    ),
  ).toEqual([
    { tag: 'hot', category: 'Hot', product_pattern: null, min_orders: 2, window_days: null },
    { tag: 'soup', category: null, product_pattern: null, min_orders: 5, window_days: null },
    { tag: 'lately', category: null, product_pattern: null, min_orders: 1, window_days: 30 },
    { tag: 'tea', category: null, product_pattern: 'ЧАЙ', min_orders: 9, window_days: null },
    { tag: 'none', category: 'Cold', product_pattern: null, min_orders: 1, window_days: null },
  ]);
  await migration.up(runner);
});
