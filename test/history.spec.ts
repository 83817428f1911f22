import { beforeAll, describe, expect, it } from 'vitest';
import { dumpTables } from './harness/dump-tables';
import type { StoredMessage } from './harness/scratch-topics';
import { usePipeline } from './harness/use-pipeline';
import { Random } from './history/random';
import { randomHistory } from './history/random-history';
import { isLong } from './history/seed';
import { tableDifferences } from './oracle/differences';
import { expectedOf, type Expected } from './oracle/expected';
import { hashKey } from './oracle/hash-key';
import { figuresAt, updateTs, type FiguresAt } from './oracle/figures-at';
import type { FirstSeen, PlacedMessage, Step } from './oracle/history';
import { deadLetterDifferences, outputDifferences, versionOf } from './oracle/message-differences';
import { judge } from './oracle/source-message';
import { readTables } from './oracle/tables';

const seed = Number(process.env.SEED ?? 1);

describe(`a random history (SEED=${seed})`, () => {
  const pipeline = usePipeline();
  const topic = pipeline.topics.name('order-service_orders');
  const steps: Step[] = [];
  /** When each step was over, by the clock of the database. */
  const moments: string[] = [];
  let firstSeenAt: FirstSeen;
  let expected: Expected;
  let stagedOrders: StoredMessage[];
  let deadLetters: StoredMessage[];

  beforeAll(async () => {
    const begin = await utcNow();
    const random = new Random(seed);
    for (const { dictionary, messages } of randomHistory(seed)) {
      await pipeline.dictionary.put(dictionary);
      steps.push({ dictionary, messages: await pipeline.sendOrders(messages, { random }) });
      await pipeline.settled();
      moments.push(await utcNow());
    }
    firstSeenAt = await firstSeen(begin, moments.at(-1)!);
    expected = expectedOf(topic, steps, firstSeenAt);
    stagedOrders = await pipeline.outputs('stg');
    deadLetters = await pipeline.deadLetters('stg');
  }, 180_000);

  it('leaves in every table what the oracle expects', async () => {
    expect(tableDifferences(expected.tables, await readTables(pipeline.database.pool))).toEqual([]);
  });

  it('is passed on from service to service as the oracle expects', async () => {
    expect(outputDifferences('stg-service-orders', expected.stagedOrders, stagedOrders)).toEqual([]);
    const vaultOrders = await pipeline.outputs('dds');
    expect(outputDifferences('dds-service-orders', expected.vaultOrders, vaultOrders)).toEqual([]);
  });

  it('leaves one dead letter for each message that cannot be used', async () => {
    expect(deadLetterDifferences(topic, expected.deadLetters, deadLetters)).toEqual([]);
    expect(await pipeline.deadLetters('dds')).toEqual([]);
    expect(await pipeline.deadLetters('cdm')).toEqual([]);
  });

  it('has exactly one fate for each message: processed, skipped, parked or dead-lettered', async () => {
    const processed = new Set(stagedOrders.map(({ value }) => versionOf(value!)));
    const parked = await names(`SELECT object_id || ' ' || order_version AS name FROM stg.pending_orders`);
    const skipped = await names(
      `SELECT partition || '/' || message_offset AS name FROM stg.skipped_messages`,
    );
    const dead = new Set(
      deadLetters.map(
        ({ headers }) => `${String(headers['dlq.partition'])}/${String(headers['dlq.offset'])}`,
      ),
    );
    const messages = steps.flatMap((step) => step.messages);
    const fates = messages.map((message) => {
      const place = `${message.partition}/${message.offset}`;
      const version = versionIn(message);
      return [
        version !== undefined && processed.has(version) && 'processed',
        version !== undefined && parked.has(version) && 'parked',
        skipped.has(place) && 'skipped',
        dead.has(place) && 'dead',
      ].filter((fate) => fate !== false);
    });
    expect(messages.filter((_, place) => fates[place]!.length !== 1)).toEqual([]);
    // The history is worth something only if it has plenty of each.
    const count = (fate: string) => fates.filter(([only]) => only === fate).length;
    expect(count('processed')).toBeGreaterThan(800);
    for (const fate of ['parked', 'skipped', 'dead']) {
      expect(count(fate)).toBeGreaterThan(10);
    }
  });

  it('has one current row of each thing in the views of the vault, the same as in the marts', async () => {
    const counts = await pipeline.database.rows(`
      SELECT
        (SELECT count(*) FROM dds.order_current) - (SELECT count(*) FROM dds.h_order) AS orders,
        (SELECT count(*) FROM dds.user_current) - (SELECT count(*) FROM dds.h_user) AS users,
        (SELECT count(*) FROM dds.product_current) - (SELECT count(*) FROM dds.h_product) AS products,
        (SELECT count(*) FROM dds.restaurant_current) - (SELECT count(*) FROM dds.h_restaurant) AS restaurants,
        (SELECT count(DISTINCT (h_order_pk, h_product_pk)) FROM dds.order_line_current)
          - (SELECT sum(cardinality(product_ids)) FROM cdm.order_versions) AS products_of_orders`);
    expect(counts).toEqual([
      { orders: '0', users: '0', products: '0', restaurants: '0', products_of_orders: '0' },
    ]);
    const contradictions = await pipeline.database.rows(`
      SELECT vault.order_id FROM dds.order_current vault FULL JOIN cdm.order_versions mart ON mart.order_id = h_order_pk
      WHERE (h_user_pk, h_restaurant_pk, vault.order_version, final_status, vault.order_dt, vault.cost, vault.payment)
        IS DISTINCT FROM
        (mart.user_id, mart.restaurant_id, mart.order_version, status, mart.order_dt, mart.cost, mart.payment)`);
    expect(contradictions).toEqual([]);
  });

  it('has the hash keys that dds.hash_key computes', async () => {
    const texts = [
      '',
      'a|b',
      'a\\|b',
      '\\',
      '\\N',
      "'",
      '👩‍🍳 выпечка 🥐',
      'e\u0301',
      '\u00e9',
      ' ',
      'n'.repeat(10_000),
    ];
    const found = await pipeline.database.rows<{ key: string }>(
      `SELECT dds.hash_key('h_category', name) AS key FROM unnest($1::text[]) WITH ORDINALITY AS given (name, place) ORDER BY place`,
      [texts],
    );
    expect(found.map(({ key }) => key)).toEqual(texts.map((name) => hashKey('h_category', name)));
    expect(
      await pipeline.database.rows(`
        SELECT dds.hash_key('h_user', '626a81ce9a8cd1920641e296') AS olga, dds.hash_key('l_order_product', '1', 'd1') AS soup,
          dds.hash_key('s_user_names', 'Котова Ольга Вениаминовна', NULL) AS names`),
    ).toEqual([
      {
        olga: 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b',
        soup: 'da578585-763a-5230-a3fa-6c4c4c3b78b2',
        names: '75b52957-3993-5306-a3d2-631123767914',
      },
    ]);
    expect(await wrongKeys()).toEqual([]);
  });

  it('answers in report what was known, and what was true, at any moment', async () => {
    const random = new Random(seed);
    const times = [...new Set(expected.loaded.map(({ order }) => updateTs(order.version)))].sort();
    let rows = 0;
    for (const [step, knownAt] of moments.entries()) {
      const { loaded } = expectedOf(topic, steps.slice(0, step + 1), firstSeenAt);
      for (let drawn = 0; drawn < (isLong ? 34 : 6); drawn += 1) {
        const trueAt = drawn === 0 ? times.at(-1)! : random.pick(times);
        const figures = figuresAt(loaded, trueAt);
        rows += figures.dishes.length;
        expect([trueAt, await reported(knownAt, trueAt)]).toEqual([trueAt, sorted(figures)]);
      }
    }
    expect(rows).toBeGreaterThan(500);
  });

  it('answers in report, without a moment, what the marts have', async () => {
    const differences = await pipeline.database.rows(/* sql */ `
      SELECT 'category' AS report, category AS name FROM (
        (TABLE report.category_popularity EXCEPT SELECT * FROM report.category_popularity_at())
        UNION ALL (SELECT * FROM report.category_popularity_at() EXCEPT TABLE report.category_popularity)) AS one
      UNION ALL SELECT 'dish', dish FROM (
        (TABLE report.dish_popularity EXCEPT SELECT * FROM report.dish_popularity_at())
        UNION ALL (SELECT * FROM report.dish_popularity_at() EXCEPT TABLE report.dish_popularity)) AS one
      UNION ALL SELECT 'restaurant', restaurant FROM (
        (TABLE report.restaurant_popularity EXCEPT SELECT * FROM report.restaurant_popularity_at())
        UNION ALL (SELECT * FROM report.restaurant_popularity_at() EXCEPT TABLE report.restaurant_popularity)) AS one
      UNION ALL SELECT 'day', restaurant FROM (
        (TABLE report.daily_sales EXCEPT SELECT * FROM report.daily_sales_at())
        UNION ALL (SELECT * FROM report.daily_sales_at() EXCEPT TABLE report.daily_sales)) AS one`);
    expect(differences).toEqual([]);
  });

  it('changes nothing when all services read everything once more', async () => {
    const before = await dumpTables(pipeline.database);
    await pipeline.replay();
    await pipeline.settled(120_000);
    const after = await dumpTables(pipeline.database);
    for (const [table, rows] of Object.entries(before)) {
      expect([table, difference(rows, after[table]!)]).toEqual([table, []]);
    }
    expect(Object.keys(after)).toEqual(Object.keys(before));
  }, 180_000);

  /** As {@link sorted} has it. Known until then: by the clock of the database, which shows UTC here. */
  async function reported(knownAt: string, trueAt: string): Promise<string[]> {
    const found = await pipeline.database.rows<{ row: string }>(
      /* sql */ `
      SELECT concat_ws('|', 'category', category_id, category, orders, users) AS row
      FROM report.category_popularity_at($1::timestamp AT TIME ZONE 'UTC', $2)
      UNION ALL SELECT concat_ws('|', 'dish', dish_id, dish, orders, users)
      FROM report.dish_popularity_at($1::timestamp AT TIME ZONE 'UTC', $2)
      UNION ALL SELECT concat_ws('|', 'day', day, restaurant_id, restaurant, orders, closed_orders, trim_scale(cost), trim_scale(revenue))
      FROM report.daily_sales_at($1::timestamp AT TIME ZONE 'UTC', $2)`,
      [knownAt, trueAt],
    );
    return found.map(({ row }) => row).sort();
  }

  async function utcNow(): Promise<string> {
    const [row] = await pipeline.database.rows<{ now: string }>(`SELECT now() AT TIME ZONE 'UTC' AS now`);
    return row!.now;
  }

  /**
   * The clock decides when an entry without a time was first seen; here it is only seen to that it was during the test.
   */
  async function firstSeen(begin: string, end: string): Promise<(pk: string) => string> {
    const rows = await pipeline.database.rows<{ entry_pk: string; seen: string; meanwhile: boolean }>(
      `SELECT entry_pk, to_char(valid_from, 'YYYY-MM-DD HH24:MI:SS.US') AS seen, valid_from BETWEEN $1 AND $2 AS meanwhile
       FROM stg.dictionary_entries WHERE NOT timed AND valid_from <> '1970-01-01'`,
      [begin, end],
    );
    expect(rows.filter(({ meanwhile }) => !meanwhile)).toEqual([]);
    const seen = new Map(rows.map(({ entry_pk: pk, seen: time }) => [pk, time]));
    return (pk) => seen.get(pk) ?? 'never seen';
  }

  async function names(query: string): Promise<Set<string>> {
    return new Set((await pipeline.database.rows<{ name: string }>(query)).map(({ name }) => name));
  }

  /** Keys of the vault that SQL computes otherwise. */
  function wrongKeys(): Promise<object[]> {
    return pipeline.database.rows(`
      SELECT 'h_user' AS name, user_id AS key FROM dds.h_user WHERE h_user_pk <> dds.hash_key('h_user', user_id)
      UNION ALL
      SELECT 'h_product', product_id FROM dds.h_product WHERE h_product_pk <> dds.hash_key('h_product', product_id)
      UNION ALL
      SELECT 'h_category', category_name FROM dds.h_category WHERE h_category_pk <> dds.hash_key('h_category', category_name)
      UNION ALL
      SELECT 'h_order', order_id::text FROM dds.h_order WHERE h_order_pk <> dds.hash_key('h_order', order_id::text)
      UNION ALL
      SELECT 's_user_names', username FROM dds.s_user_names
      WHERE hk_user_names_hashdiff <> dds.hash_key('s_user_names', username, userlogin)
      UNION ALL
      SELECT 's_order_cost', order_version FROM dds.s_order_cost
      WHERE hk_order_cost_hashdiff <> dds.hash_key('s_order_cost', trim_scale(cost)::text, trim_scale(payment)::text)
      UNION ALL
      SELECT 's_order_details', order_version FROM dds.s_order_details
      WHERE hk_order_details_hashdiff <> dds.hash_key('s_order_details', final_status, order_dt::text, sent_dttm::text,
        trim_scale(bonus_payment)::text, trim_scale(bonus_grant)::text)
      UNION ALL
      SELECT 's_order_product', order_version FROM dds.s_order_product
      WHERE hk_order_product_hashdiff <>
        dds.hash_key('s_order_product', name, trim_scale(price)::text, quantity::text, category_name)`);
  }
});

function sorted({ categories, dishes, days }: FiguresAt): string[] {
  return [
    ...categories.map((row) => ['category', row.category_id, row.category_name, row.order_cnt, row.user_cnt]),
    ...dishes.map((row) => ['dish', row.product_id, row.product_name, row.order_cnt, row.user_cnt]),
    ...days.map((row) => [
      'day',
      row.day,
      row.restaurant_id,
      row.restaurant_name,
      row.order_cnt,
      row.closed_order_cnt,
      row.cost,
      row.payment,
    ]),
  ]
    .map((row) => row.join('|'))
    .sort();
}

function versionIn({ value }: PlacedMessage): string | undefined {
  const judgement = judge(value);
  return judgement.kind === 'order' ? `${judgement.order.orderId} ${judgement.order.version}` : undefined;
}

/** The rows that are in one list only, shortened. */
function difference(before: string[], after: string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((row) => !now.has(row)).map((row) => `gone: ${row.slice(0, 300)}`),
    ...after.filter((row) => !old.has(row)).map((row) => `new: ${row.slice(0, 300)}`),
  ];
}
