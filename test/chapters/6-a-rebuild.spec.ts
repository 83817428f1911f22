import { beforeAll, expect, it } from 'vitest';
import { dictionary } from '../guarantees/orders/small-town';
import { line, sourceText } from '../guarantees/orders/source-text';
import { runTool } from '../harness/run-tool';
import { expectTable } from '../harness/expect-table';
import { usePipeline } from '../harness/use-pipeline';

/*
 * CHAPTER 6: A REBUILD
 *
 * Each layer can be made again from the one before: the marts from the vault, the vault from staging. Neither Kafka nor
 * Redis is needed for it, since staging has kept every version of every order, and the dictionary entries that were
 * used. So a mart that somebody has changed by hand, or a vault that has lost rows, is no disaster. A database from an
 * older backup is another case: there staging lacks orders too, and the services read those from Kafka again.
 *
 * @module-tag short
 */
const pipeline = usePipeline();

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([
    { value: sourceText({ id: 1, user: 'u1', items: [line('d1')] }) },
    { value: sourceText({ id: 2, user: 'u1', items: [line('d1'), line('d3')] }) },
  ]);
  await pipeline.settled();
});

/**
 * `npm run reconcile` and `npm run rebuild`, with the rights of an operator. All has arrived: no row is on its way
 * (`--grace`).
 */
function run(tool: 'reconcile' | 'rebuild', ...args: string[]) {
  return runTool(tool, [...args, '--grace', '0'], { DATABASE_URL: pipeline.database.loginUrls.operator });
}

it('of the marts takes them from the vault', async () => {
  await pipeline.database.rows(
    `UPDATE cdm.user_product_counters SET order_cnt = 7 WHERE product_name = 'Borscht'`,
  );
  await expectTable(pipeline)`
    SELECT product_name, order_cnt FROM cdm.user_product_counters ORDER BY product_name;
      product_name  order_cnt
      Borscht       7
      Kvass         1
  `;

  // `reconcile` compares all layers and names what differs.
  const found = await run('reconcile');
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(
    'cdm.user_product_counters, against the ledger: 1 differ\n' +
      '  user_id=1eecb4a4-f170-58ad-aff5-671d533e1814 product_id=d29f66ef-7dd8-50c2-a1bf-c0dbb8796d38: ' +
      'is order_cnt=7, not order_cnt=2\n',
  );

  // Without `--execute`, `rebuild` says the same and changes nothing. With it, only what is wrong is written.
  const done = await run('rebuild', 'cdm', '--execute');
  expect(done.code).toBe(0);
  expect(done.stdout).toContain('Nothing differs.');
  await expectTable(pipeline)`
    SELECT product_name, order_cnt FROM cdm.user_product_counters ORDER BY product_name;
      product_name  order_cnt
      Borscht       2
      Kvass         1
  `;
});

it('of the vault takes it from staging, by the code of the service', async () => {
  await pipeline.database.rows(
    'TRUNCATE dds.h_user, dds.h_restaurant, dds.h_product, dds.h_category, dds.h_order CASCADE',
  );
  await expectTable(pipeline)`
    SELECT order_id FROM dds.order_current;
      order_id
  `;

  // Only missing rows are inserted. A row that contradicts staging is named and stays, but with `--remove-wrong`. What
  // is inserted goes through no topic: where the marts lack it too, `rebuild cdm` comes next.
  const done = await run('rebuild', 'dds', '--execute');
  expect(done.code).toBe(0);
  await expectTable(pipeline)`
    SELECT order_id, line, name, price, category_name FROM dds.order_line_current ORDER BY order_id, line;
      order_id  line  name            price      category_name
      1         1     as ordered: d1  100.00000  Soups
      2         1     as ordered: d1  100.00000  Soups
      2         2     as ordered: d3  100.00000  Drinks
  `;
});

it('leaves nothing that differs', async () => {
  expect(await run('reconcile')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing differs.'),
  });
});
