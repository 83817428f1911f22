import { parse } from 'lossless-json';
import { beforeAll, describe, expect, it } from 'vitest';
import { dumpTables } from './harness/dump-tables';
import type { StoredMessage } from './harness/scratch-topics';
import { usePipeline } from './harness/use-pipeline';
import { Random } from './history/random';
import { randomHistory } from './history/random-history';
import { isLong } from './history/seed';
import { AnswersAt, type AskedOrders } from './oracle/answers-at';
import { tableDifferences } from './oracle/differences';
import { expectedOf, type Expected } from './oracle/expected';
import { hashKey } from './oracle/hash-key';
import { figuresAt, updateTs, type FiguresAt } from './oracle/figures-at';
import type { FirstSeen, PlacedMessage, Step } from './oracle/history';
import { deadLetterDifferences, outputDifferences, versionOf } from './oracle/message-differences';
import { judge } from './oracle/source-message';
import type { Version } from './oracle/staging';
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

  it('answers by the API, with filters, what was known, and what was true, at any moment', async () => {
    const random = new Random(seed);
    const times = [...new Set(expected.loaded.map(({ order }) => updateTs(order.version)))].sort();
    let listed = 0;
    for (const [step, moment] of moments.entries()) {
      const { loaded } = expectedOf(topic, steps.slice(0, step + 1), firstSeenAt);
      for (let drawn = 0; drawn < (isLong ? 34 : 5); drawn += 1) {
        // One of the clocks may show now.
        const isKnownNow = drawn === 1;
        const trueAt = drawn === 0 ? undefined : random.pick(times);
        const clocks = {
          ...(!isKnownNow && { known_at: `${moment.replace(' ', 'T')}Z` }),
          ...(trueAt && { true_at: trueAt }),
        };
        const known = isKnownNow ? expected.loaded : loaded;
        const { parameters, filter } = drawFilter(random, known);
        const answers = new AnswersAt(known, trueAt);
        const found = await answersOf({ ...clocks, ...parameters }, filter);
        listed += found.list.length;
        expect([clocks, parameters, found]).toEqual([clocks, parameters, expectedAnswers(answers, filter)]);
      }
    }
    expect(listed).toBeGreaterThan(500);
  }, 600_000);

  it('answers by the API, without a moment, what it answers about now', async () => {
    const now = { known_at: new Date().toISOString() };
    for (const path of [
      'popularity/categories',
      'popularity/products?by=users',
      'popularity/restaurants',
      'timeline',
      'orders',
    ]) {
      expect([path, await asked(path, now)]).toEqual([path, await asked(path, {})]);
    }
    const [then, present] = [await asked('summary', now), await asked('summary', {})] as Record<
      string,
      unknown
    >[];
    expect({ ...then, as_of: '' }).toEqual({ ...present, as_of: '' });
    expect(then!.as_of).toBe(now.known_at);
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

  /** What the API answers to all questions under a filter. */
  async function answersOf(
    parameters: Record<string, string>,
    { product_id, status }: AskedOrders,
  ): Promise<AllAnswers> {
    const { as_of: _asOf, ...summary } = (await asked('summary', parameters)) as Record<string, unknown>;
    const timeline = (await asked('timeline', parameters)) as { orders: string }[];
    const list: object[] = [];
    let sums: unknown;
    let cursor: string | null = null;
    do {
      const page = (await asked('orders', {
        ...parameters,
        ...(product_id && { product_id }),
        ...(status && { status }),
        limit: '200',
        ...(cursor && { cursor }),
      })) as { sums: unknown; orders: object[]; next: string | null };
      sums ??= page.sums;
      list.push(...page.orders);
      cursor = page.next;
    } while (cursor !== null);
    const popular = async (what: string, by: string) =>
      (await asked(`popularity/${what}?by=${by}&limit=1000`, parameters)) as object[];
    return {
      categories: await popular('categories', 'orders'),
      products: await popular('products', 'users'),
      productOrders: await popular('products', 'orders'),
      restaurants: await popular('restaurants', 'users'),
      summary,
      timeline: timeline.filter(({ orders }) => orders !== '0'),
      list,
      sums,
    };
  }

  /** The answer of a route, once it is there; numbers are texts, with every digit. */
  async function asked(path: string, parameters: Record<string, string>): Promise<unknown> {
    const query = new URLSearchParams(parameters).toString();
    const url = `${pipeline.service('cdm').url}/api/${path}${path.includes('?') ? '&' : '?'}${query}`;
    let response: Response | undefined;
    let text = '';
    await expect
      .poll(
        async () => {
          response = await fetch(url);
          text = await response.text();
          return response.status;
        },
        { timeout: 60_000, interval: 100 },
      )
      .not.toBe(202);
    expect([text, response!.status]).toEqual([text, 200]);
    return parse(text, undefined, (digits) => digits);
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

interface AllAnswers {
  categories: object[];
  products: object[];
  productOrders: object[];
  restaurants: object[];
  summary: object;
  timeline: object[];
  list: object[];
  sums: unknown;
}

function expectedAnswers(answers: AnswersAt, { product_id, status, ...filter }: AskedOrders): AllAnswers {
  const orders = { ...filter, product_id, status };
  return withTexts({
    categories: answers.popularCategories('orders', filter),
    products: answers.popularProducts('users', filter),
    productOrders: answers.popularProducts('orders', filter),
    restaurants: answers.popularRestaurants('users', filter),
    summary: answers.summary(filter),
    timeline: answers.timeline(filter),
    list: answers.listed(orders),
    sums: answers.sums(orders),
  });
}

/** Numbers become texts. */
function withTexts<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' ? String(part) : part,
  ) as Value;
}

/**
 * Each filter by chance, of things that one order has.
 * @returns `parameters`: those that all routes have
 */
function drawFilter(
  random: Random,
  known: Required<Version>[],
): { parameters: Record<string, string>; filter: AskedOrders } {
  const { order, enrichment } = random.pick(known);
  const [from, to] = [random.pick(known).order.date, random.pick(known).order.date].sort();
  const line = random.whole(0, order.lines.length - 1);
  const parameters = Object.fromEntries(
    Object.entries({
      restaurant_id: random.chance(0.3) && order.restaurantId,
      category: random.chance(0.3) && enrichment.dishes[line]?.dish.category,
      from: random.chance(0.3) && from,
      to: random.chance(0.3) && to,
    }).filter((filter): filter is [string, string] => Boolean(filter[1])),
  );
  const product_id = random.chance(0.3) ? order.lines[line]?.id : undefined;
  return {
    parameters,
    filter: { ...parameters, product_id, status: random.chance(0.3) ? 'CLOSED' : undefined },
  };
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
