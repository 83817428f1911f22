import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawSeed, isLong } from './history/seed';
import { findDifferences } from './guarantees/crash/find-differences';
import { Traffic } from './guarantees/crash/traffic';
import { dumpTables, type Dump } from './harness/dump-tables';
import { runTool, startTool, type ToolRun } from './harness/run-tool';
import { usePipeline } from './harness/use-pipeline';
import { tableDifferences } from './oracle/differences';
import type { Tables } from './oracle/rows';
import { readTables } from './oracle/tables';

/*
 * What `npm run rebuild` promises: marts and vault as they were, whatever was broken, while services run, killed
 * anywhere. Each kind of damage is named by `npm run reconcile` first. In the end all is compared with the oracle.
 */
const pipeline = usePipeline();
let traffic: Traffic;
/** More users have orders than a rebuild takes in one step. */
const size = isLong ? { orders: 1_500, users: 700 } : { orders: 900, users: 1_100 };

function rebuild(layer: 'cdm' | 'dds', ...args: string[]): Promise<ToolRun> {
  return runTool('rebuild', [layer, '--grace', '0', ...args], {
    DATABASE_URL: pipeline.database.loginUrls.operator,
  });
}

function reconcile(): Promise<ToolRun> {
  return runTool('reconcile', ['--grace', '0', '--shown', '1'], {
    DATABASE_URL: pipeline.database.loginUrls.operator,
  });
}

beforeAll(async () => {
  traffic = new Traffic(pipeline, { seed: drawSeed(), ...size, restaurants: 8 });
  await traffic.open();
  await traffic.send(size.orders);
  await pipeline.settled();
});

const allOfVault = `TRUNCATE dds.h_user, dds.h_restaurant, dds.h_product, dds.h_category, dds.h_order CASCADE`;
const oneOrder = `(SELECT order_id FROM cdm.order_versions WHERE status = 'CLOSED' AND product_ids <> '{}' ORDER BY order_id LIMIT 1)`;

describe('a rebuild', () => {
  it.each(['cdm', 'dds'] as const)('of %s leaves every row where nothing is wrong', async (layer) => {
    const before = await dump();
    const dry = await rebuild(layer);
    expect(dry).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/Nothing differs\.\n$/) });
    const done = await rebuild(layer, '--execute');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    await pipeline.settled();
    expect(await dump()).toEqual(before);
  });

  it.each<[string, string[], RegExp[]]>([
    [
      'counters and marts that are off',
      [
        `UPDATE cdm.user_product_counters SET order_cnt = order_cnt + 1 WHERE id % 7 = 0`,
        `DELETE FROM cdm.user_category_counters WHERE id % 7 = 0`,
        `UPDATE cdm.restaurant_category_counters_slots SET order_cnt = order_cnt + 3 WHERE id % 2 = 0`,
        `UPDATE cdm.product_popularity_slots SET user_cnt = user_cnt + 1 WHERE order_cnt > 1`,
        `DELETE FROM cdm.category_popularity_slots WHERE order_cnt % 2 = 0`,
        `UPDATE cdm.daily_sales_slots SET cost = cost + 0.00001, order_cnt = order_cnt + 1 WHERE extract(day FROM day)::integer % 2 = 0`,
        `UPDATE cdm.users SET closed_order_cnt = closed_order_cnt + 1 WHERE source_user_id < '8'`,
      ],
      [
        /^cdm\.user_product_counters, .* differ\n {2}user_id=\S+ product_id=\S+: is order_cnt=\d+, not order_cnt=\d+$/m,
        /^cdm\.user_category_counters, .* differ\n.*: the row is missing/m,
        /^cdm\.restaurant_category_counters, /m,
        /^cdm\.product_popularity, /m,
        /^cdm\.category_popularity, /m,
        /^cdm\.daily_sales, /m,
        /^cdm\.users, against the ledger: /m,
      ],
    ],
    [
      'a ledger that lacks orders, and has some that are wrong',
      [
        `DELETE FROM cdm.order_versions WHERE object_id % 5 = 0`,
        `UPDATE cdm.order_versions SET status = 'OPEN', cost = cost + 1 WHERE object_id % 5 = 1`,
        `INSERT INTO cdm.order_versions SELECT (jsonb_populate_record(ledger, jsonb_build_object('order_id', gen_random_uuid(), 'object_id', 5))).*
         FROM cdm.order_versions ledger WHERE order_id = ${oneOrder}`,
        `UPDATE cdm.order_versions ledger SET user_id = other.user_id FROM cdm.users other
         WHERE order_id = ${oneOrder} AND other.user_id = (SELECT user_id FROM cdm.users ORDER BY user_id DESC LIMIT 1)`,
      ],
      [
        /^cdm\.order_versions, against the newest versions in the vault: \d+ differ$/m,
        /: there should be no such row/,
      ],
    ],
    [
      'a ledger that was emptied',
      ['TRUNCATE cdm.order_versions'],
      [/^cdm\.order_versions, .*: \d+ differ\n.*: the row is missing/m],
    ],
    [
      'marts that were emptied',
      [
        `TRUNCATE cdm.user_product_counters, cdm.user_category_counters, cdm.restaurant_category_counters_slots, cdm.daily_sales_slots,
           cdm.product_popularity_slots, cdm.category_popularity_slots, cdm.product_names, cdm.restaurant_names`,
      ],
      [/^cdm\.product_names, against the newest names in the vault: \d+ differ$/m, /^cdm\.daily_sales, /m],
    ],
    [
      'names that are wrong, and states of tag rules',
      [
        `UPDATE cdm.product_names SET product_name = 'Nothing', valid_from = '2100-01-01'
         WHERE product_id = (SELECT product_id FROM cdm.product_popularity ORDER BY product_id LIMIT 1)`,
        `UPDATE cdm.restaurant_names SET restaurant_name = 'Nowhere'
         WHERE restaurant_id = (SELECT restaurant_id FROM cdm.restaurant_names ORDER BY restaurant_id LIMIT 1)`,
        `UPDATE cdm.restaurant_category_counters_slots SET category_name = 'None'
         WHERE category_id = (SELECT category_id FROM cdm.category_popularity ORDER BY category_id LIMIT 1)`,
        `DELETE FROM cdm.user_rule_states WHERE until IS NULL`,
        `TRUNCATE cdm.tag_rule_products`,
      ],
      [
        /^cdm\.product_names, .*\n.*: is product_name=Nothing /m,
        /^cdm\.restaurant_names, .*\n.*: is restaurant_name=Nowhere, /m,
        /^cdm\.restaurant_category_counters, .*\n.*category_name=None/m,
        /^cdm\.user_rule_states, /m,
      ],
    ],
  ])('of cdm mends %s', async (_, damage, said) => {
    const before = await readTables(pipeline.database.pool);
    const dry = await harm(damage, said, 'cdm');
    expect(dry.code).toBe(1);
    expect(dry.stdout).toMatch(/Nothing was changed: --execute does it\.\n$/);
    const done = await rebuild('cdm', '--execute');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    await pipeline.settled();
    expect(tableDifferences(before, await readTables(pipeline.database.pool))).toEqual([]);
    expect(await reconcile()).toMatchObject({ code: 0 });
  });

  it('informs those who watch the marts, and sends no event for a tag that stays', async () => {
    const { database } = pipeline;
    const counted = () =>
      database.rows<{ batches: string }>('SELECT sum(batch_cnt)::text AS batches FROM cdm.counted_batches');
    const [before, events] = [
      await counted(),
      await database.rows('SELECT event_id FROM cdm.user_tag_events'),
    ];
    expect(events).not.toEqual([]);
    await database.rows('TRUNCATE cdm.order_versions');
    expect(await rebuild('cdm', '--execute')).toMatchObject({ code: 0 });
    await pipeline.settled();
    expect(await counted()).not.toEqual(before);
    expect(await database.rows('SELECT event_id FROM cdm.user_tag_events')).toEqual(events);
  });

  it.each<[string, string[], RegExp[]]>([
    [
      'lines, satellites and links that are lost',
      [
        `DELETE FROM dds.s_order_product WHERE line = 1`,
        `DELETE FROM dds.s_order_cost WHERE cost::integer % 2 = 0`,
        `DELETE FROM dds.s_order_status WHERE status = 'OPEN'`,
        `DELETE FROM dds.s_user_names WHERE username < 'Н'`,
        `DELETE FROM dds.l_product_restaurant`,
      ],
      [
        /^dds\.s_order_product, .* differ\n.*: the row is missing/m,
        /^dds\.s_order_details, .*\n.* not .*cost=/m,
        /^dds\.s_order_status, /m,
        /^dds\.s_user_names, /m,
        /^dds\.l_product_restaurant, /m,
      ],
    ],
    ['a vault that was emptied', [allOfVault], [/^dds\.s_order_details, .*: the row is missing/ms]],
  ])('of dds inserts %s', async (_, damage, said) => {
    const before = await readTables(pipeline.database.pool);
    expect(await harm(damage, said, 'dds')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Nothing was changed: --execute does it\.\n$/),
    });
    expect(await rebuild('dds', '--execute')).toMatchObject({ code: 0, stderr: '' });
    expect(vaultDifferences(before, await readTables(pipeline.database.pool))).toEqual([]);
    expect(await reconcile()).toMatchObject({ code: 0 });
  });

  it('of dds names rows that contradict staging, and corrects them only when asked to', async () => {
    const before = await readTables(pipeline.database.pool);
    const dry = await harm(
      [
        `UPDATE dds.s_order_cost SET cost = cost + 1 WHERE cost::integer % 2 = 0`,
        `UPDATE dds.s_order_product SET category_name = 'None' WHERE line = 2`,
        `INSERT INTO dds.h_product (h_product_pk, product_id, load_src) VALUES (gen_random_uuid(), 'd-none', 'nobody')`,
        `INSERT INTO dds.s_product_names SELECT h_product_pk, 'Nothing', '2100-01-01', gen_random_uuid(), now(), 'nobody'
         FROM dds.h_product LIMIT 3`,
      ],
      [
        /cost=/,
        /^dds\.s_order_product, against its digests/m,
        /^dds\.h_product, against its digests/m,
        /name=Nothing/,
      ],
      'dds',
    );
    expect(dry.code).toBe(1);
    const insertOnly = await rebuild('dds', '--execute');
    expect(insertOnly.code).toBe(1);
    expect(insertOnly.stdout).toMatch(/^dds\.s_order_cost, against staging: \d+ differ\n.*: is cost=/m);
    expect(insertOnly.stdout).toMatch(
      /^dds\.h_product, against staging: 1 differ\n.*there should be no such row/m,
    );
    expect(insertOnly.stdout).toMatch(/Something still differs\.\n$/);
    const args = ['dds', '--grace', '0', '--execute', '--remove-wrong'];
    const byOperator = await rebuild('dds', '--execute', '--remove-wrong');
    expect(byOperator.stderr).toMatch(/permission denied/);
    expect(await runTool('rebuild', args, { DATABASE_URL: pipeline.database.url })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(vaultDifferences(before, await readTables(pipeline.database.pool))).toEqual([]);
    expect(await reconcile()).toMatchObject({ code: 0 });
  });

  it('goes on where it was killed, while orders flow', async () => {
    const flow = traffic.flowDuring(killedRebuilds(), isLong ? 40 : 20, 200);
    await flow;
    await traffic.complete();
    await pipeline.settled();
    expect(await rebuild('dds', '--execute')).toMatchObject({ code: 0, stderr: '' });
    expect(await rebuild('cdm', '--execute')).toMatchObject({ code: 0, stderr: '' });
    await pipeline.settled();
    expect(await reconcile()).toMatchObject({ code: 0 });
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
  }, 300_000);

  it('excludes another one', async () => {
    const other = new Client({ connectionString: pipeline.database.url });
    await other.connect();
    await other.query(`SELECT pg_advisory_lock(hashtext('rebuild'))`);
    const refused = await Promise.all([rebuild('cdm', '--execute'), rebuild('dds', '--execute')]);
    await other.end();
    for (const { code, stderr } of refused) {
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^Cannot rebuild (cdm|dds) of .*: another rebuild is under way\n$/),
      });
    }
  });

  it('says what it cannot do, by option and value', async () => {
    const env = { DATABASE_URL: pipeline.database.loginUrls.operator };
    const errorOf = async (...args: string[]) => {
      const { code, stderr } = await runTool('rebuild', args, env);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await errorOf()).toBe(`error: missing required argument 'layer'\n`);
    expect(await errorOf('stg')).toMatch(
      /'stg' is invalid for argument 'layer'\. Allowed choices are cdm, dds\.\n$/,
    );
    expect(await errorOf('cdm', '--remove-wrong')).toBe('error: --remove-wrong belongs to dds.\n');
    expect(await errorOf('dds', '--grace', '-1')).toMatch(/--grace/);
    expect((await runTool('rebuild', ['--help'], {})).stdout).toMatch(
      /^Usage: order-vault rebuild \[options\] <layer>/,
    );
  });
});

/** All tables; of states of rules only which hold: the rest is of when they were judged, which a rebuild does again. */
async function dump(): Promise<Dump> {
  const tables = await dumpTables(pipeline.database);
  const holding = tables['cdm.user_rule_states']!.flatMap((row) => /^.*,t(?=,)/.exec(row)?.[0] ?? []);
  return { ...tables, 'cdm.user_rule_states': holding };
}

/**
 * Does damage, and expects that reconcile names it. It looks twice, with a pause between.
 * @returns a rebuild that only says what differs, done meanwhile
 */
async function harm(damage: string[], said: RegExp[], layer: 'cdm' | 'dds'): Promise<ToolRun> {
  for (const statement of damage) {
    await pipeline.database.rows(statement);
  }
  const [{ code, stdout }, dry] = await Promise.all([reconcile(), rebuild(layer)]);
  expect(code).toBe(1);
  for (const pattern of said) {
    expect(stdout).toMatch(pattern);
  }
  return dry;
}

/** Which version of an order was loaded first is forgotten. */
function vaultDifferences(before: Tables, after: Tables): string[] {
  const known = (tables: Tables): Tables => ({
    ...tables,
    'dds.h_order': tables['dds.h_order']!.map(({ order_dt: _loaded, ...row }) => row),
  });
  return tableDifferences(known(before), known(after));
}

/** Damages of both layers, each with a rebuild that is killed in its middle. */
async function killedRebuilds(): Promise<void> {
  for (const [layer, damage, line] of [
    ['cdm', 'TRUNCATE cdm.order_versions', 'names of products'],
    [
      'cdm',
      'UPDATE cdm.product_popularity_slots SET order_cnt = order_cnt + 5, user_cnt = user_cnt + 5',
      'users, and rows',
    ],
    ['cdm', 'DELETE FROM cdm.order_versions WHERE object_id % 2 = 0', 'users, and rows'],
    ['dds', 'DELETE FROM dds.s_order_product', 'are read'],
  ] as const) {
    await pipeline.database.rows(damage);
    const args = [layer, '--execute', '--grace', '0'];
    const tool = startTool('rebuild', args, { DATABASE_URL: pipeline.database.loginUrls.operator });
    await new Promise<void>((resolve) => {
      tool.process.stdout!.on('data', (text: Buffer | string) => {
        if (String(text).includes(line)) {
          resolve();
        }
      });
      void tool.ended.then(() => resolve());
    });
    await pause(Math.random() * 200);
    tool.process.kill('SIGKILL');
    await tool.ended;
  }
}
