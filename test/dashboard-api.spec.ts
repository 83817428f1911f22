import { readFileSync } from 'node:fs';
import SwaggerParser from '@apidevtools/swagger-parser';
import { parse } from 'csv-parse/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { formats } from '@app/spreadsheets/sheet';
import { writeOrders } from '../dev/dashboard/write-orders';
import { dictionary } from './guarantees/orders/small-town';
import { line, sourceText, type OrderChanges } from './guarantees/orders/source-text';
import { Pipeline } from './harness/pipeline';
import { usePipeline } from './harness/use-pipeline';
import type { ServiceProcess } from './harness/service-process';

async function answer<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url}: ${await response.text()}`);
  }
  return (await response.json()) as T;
}

const query = (parameters: Record<string, string | number>) =>
  new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();

/*
 * The figures over a ledger of 5,000 orders of three months that is written by SQL; what they should be is asked of the
 * same ledger, by plain SQL that counts distinct orders and users of lines.
 */
describe('the figures', () => {
  const pipeline = new Pipeline(inject('stack'));
  const role = `limited_${process.pid}`;
  let api: ServiceProcess;
  let limited: ServiceProcess;
  let failed = true;

  beforeAll(async () => {
    await pipeline.prepare();
    await pipeline.database.pool.query(writeOrders(5_000, 90));
    await pipeline.database.pool.query(/* sql */ `
      CREATE VIEW line AS
        SELECT object_id, user_id, ledger.restaurant_id, restaurant_name, status, order_dt, cost, payment, product_id, product_name,
          line.category_id, category_name
        FROM cdm.order_versions ledger JOIN cdm.restaurant_names USING (restaurant_id),
          unnest(product_ids, category_ids) AS line (product_id, category_id)
          JOIN cdm.product_names USING (product_id)
          JOIN (SELECT DISTINCT category_id, category_name FROM cdm.restaurant_category_counters) category USING (category_id);
      INSERT INTO cdm.user_tags SELECT user_id, 'tag ' || n, 1, now() FROM cdm.users, generate_series(1, 3) n
        WHERE closed_order_cnt > n`);
    // A login that may not read the ids of orders cannot copy the ledger.
    await pipeline.database.pool.query(/* sql */ `
      CREATE ROLE ${role} LOGIN PASSWORD 'secret';
      GRANT USAGE ON SCHEMA cdm, pipeline TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA cdm TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pipeline TO ${role};
      REVOKE SELECT ON cdm.order_versions FROM ${role};
      GRANT SELECT (user_id, restaurant_id, status, order_dt, cost, payment, product_ids, category_ids) ON cdm.order_versions
        TO ${role}`);
    const limitedUrl = new URL(pipeline.database.url);
    [limitedUrl.username, limitedUrl.password] = [role, 'secret'];
    limited = pipeline.replica('cdm', { DATABASE_URL: limitedUrl.href });
    api = pipeline.service('cdm');
    await Promise.all([api.start(), limited.start()]);
    await Promise.all([api, limited].map(({ url }) => answer(`${url}/api/summary?from=2001-01-01`)));
    await until(
      () =>
        api.tail(500).includes('orders are copied') && limited.tail(500).includes('no copy of the ledger'),
    );
    failed = false;
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      failed = true;
      console.error(pipeline.tails());
    });
  });
  afterAll(async () => {
    await pipeline.database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await pipeline.remove({ keepLogs: failed });
  });

  const rows = <Row extends object>(text: string, values?: unknown[]) =>
    pipeline.database.rows<Row>(text, values);
  const getFrom =
    (source: string) =>
    <T>(path: string, parameters: Record<string, string | number> = {}) =>
      answer<T>(`${(source === 'the ledger' ? limited : api).url}/api/${path}?${query(parameters)}`);
  const ask = getFrom('the copy of the ledger');

  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  /** Each filter as the API and as SQL has it. */
  const filters: [string, Record<string, string>, string][] = [
    ['nothing', {}, 'true'],
    ['a restaurant', { restaurant_id: 'restaurant7' }, `restaurant_name = 'Restaurant 7'`],
    ['a category', { category: 'Category 3' }, `category_name = 'Category 3'`],
    ['days', { from: day(40), to: day(10) }, `order_dt >= '${day(40)}' AND order_dt < '${day(10)}'`],
    [
      'times',
      { from: `${day(40)}T13:30:00.5`, to: `${day(10)} 12:00:00` },
      `order_dt >= '${day(40)} 13:30:00.5' AND order_dt < '${day(10)} 12:00:00'`,
    ],
    [
      'a restaurant on days',
      { restaurant_id: 'restaurant0', from: day(60) },
      `restaurant_name = 'Restaurant 0' AND order_dt >= '${day(60)}'`,
    ],
    [
      'a category at a restaurant before a time',
      { restaurant_id: 'restaurant0', category: 'Category 5', to: `${day(3)} 01:02:03` },
      `restaurant_name = 'Restaurant 0' AND category_name = 'Category 5' AND order_dt < '${day(3)} 01:02:03'`,
    ],
    ['what nobody ordered', { category: 'Ухи' }, 'false'],
  ];
  const distinct = { orders: 'object_id', users: 'user_id' };

  const sources = ['the copy of the ledger', 'the ledger'];
  for (const [source, by] of sources.flatMap(
    (one) =>
      [
        [one, 'orders'],
        [one, 'users'],
      ] as const,
  )) {
    describe.each(filters)(`of ${source} by ${by}, filtered by %s`, (_, parameters, condition) => {
      const get = getFrom(source);
      const expected = (id: string, name: string, limit: number) =>
        rows(
          `SELECT ${id} AS id, ${name} COLLATE "C" AS name, count(DISTINCT ${distinct[by]})::integer AS value,
             count(DISTINCT ${distinct[by]})::float8
               / (SELECT count(DISTINCT ${distinct[by]}) FROM line WHERE status = 'CLOSED' AND ${condition}) AS share
           FROM line WHERE status = 'CLOSED' AND ${condition} GROUP BY 1, 2
           ORDER BY value DESC, name, id LIMIT ${limit}`,
        );

      it('are those of the categories', async () => {
        expect(await get('popularity/categories', { by, limit: 1000, ...parameters })).toEqual(
          await expected('category_id', 'category_name', 1000),
        );
      });

      it('are those of the dishes', async () => {
        for (const limit of [5, 1000]) {
          expect(await get('popularity/products', { by, limit, ...parameters })).toEqual(
            await expected('product_id', 'product_name', limit),
          );
        }
      });

      it('are those of the restaurants, with their categories', async () => {
        const restaurants = await expected('restaurant_id', 'restaurant_name', 20);
        const categories = await rows<{ restaurant_id: string; id: string }>(
          `SELECT restaurant_id, category_id AS id, category_name COLLATE "C" AS name, count(DISTINCT ${distinct[by]})::integer AS value
           FROM line WHERE status = 'CLOSED' AND ${condition} GROUP BY 1, 2, 3
           ORDER BY value DESC, name, id`,
        );
        expect(await get('popularity/restaurants', { by, ...parameters })).toEqual(
          (restaurants as { id: string }[]).map((restaurant) => ({
            ...restaurant,
            categories: categories
              .filter(({ restaurant_id }) => restaurant_id === restaurant.id)
              .map(({ restaurant_id: _restaurant, ...category }) => category),
          })),
        );
      });
    });
  }

  describe.each(sources.flatMap((source) => filters.map((filter) => [source, ...filter] as const)))(
    'of %s, filtered by %s',
    (source, _, parameters, condition) => {
      const get = getFrom(source);
      const order = `(SELECT DISTINCT object_id, user_id, status, order_dt, cost, payment FROM line WHERE ${condition}) counted`;

      it('are those of the head', async () => {
        const [expected] = await rows<Record<string, unknown>>(
          `SELECT count(*)::integer AS orders, count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
           count(*) FILTER (WHERE status = 'CLOSED')::float8 / nullif(count(*), 0) AS closed_share,
           count(DISTINCT user_id) FILTER (WHERE status = 'CLOSED')::integer AS users,
           coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)::float8 AS revenue,
           round(avg(cost) FILTER (WHERE status = 'CLOSED'), 5)::float8 AS average_bill, max(order_dt) AS newest_order_at
         FROM ${order}`,
        );
        expect(await get('summary', parameters)).toEqual({
          ...expected,
          as_of: expect.any(String) as string,
        });
      });

      it.each(['hour', 'day', 'week', 'month'])('are those of each %s, without gaps', async (step) => {
        const found = await get<{ start: string; orders: number }[]>('timeline', { step, ...parameters });
        const expected = await rows<{ start: string }>(
          `SELECT date_trunc('${step}', order_dt) AS start, count(*)::integer AS orders,
           count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
           coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)::float8 AS revenue
         FROM ${order} GROUP BY 1 ORDER BY 1`,
        );
        expect(found.filter(({ orders }) => orders > 0)).toEqual(expected);
        const starts = found.map(({ start }) => start);
        const [from = null, to = null] = [parameters.from, parameters.to];
        const series = await rows<{ start: string }>(
          `SELECT generate_series(date_trunc('${step}', coalesce($1::timestamp, $3)),
           date_trunc('${step}', coalesce($2::timestamp - interval '1 microsecond', $4)), '1 ${step}') AS start`,
          [from, to, expected[0]?.start ?? null, expected.at(-1)?.start ?? null],
        );
        expect(starts).toEqual(series.map(({ start }) => start));
      });
    },
  );

  describe.each(filters)('lead to the orders behind them, filtered by %s', (_, parameters, condition) => {
    interface Page {
      sums: { orders: number; closed_orders: number; revenue: number } | null;
      orders: { order_id: number; ordered_at: string; status: string; payment: number }[];
      next: string | null;
    }
    const order = `(SELECT DISTINCT object_id, status, order_dt, cost, payment FROM line WHERE ${condition}) counted`;

    it('which sum up to the head', async () => {
      const { orders, closed_orders, revenue } = await ask<NonNullable<Page['sums']>>('summary', parameters);
      const { sums } = await ask<Page>('orders', { limit: 1, ...parameters });
      expect(sums).toEqual({ orders, closed_orders, revenue });
    });

    it('all of them in pages, the newest first', async () => {
      const found: Page['orders'] = [];
      for (let next: string | null | undefined; next !== null;) {
        const page = await ask<Page>('orders', { limit: 997, ...parameters, ...(next && { cursor: next }) });
        expect(page.sums === null).toBe(next !== undefined);
        found.push(...page.orders);
        next = page.next;
      }
      expect(found.map(({ order_id }) => String(order_id))).toEqual(
        (
          await rows<{ object_id: string }>(
            `SELECT object_id FROM ${order} ORDER BY order_dt DESC, object_id DESC`,
          )
        ).map(({ object_id }) => object_id),
      );
    });

    it.each([
      ['popularity/categories', 'category'],
      ['popularity/products', 'product_id'],
    ])('and to those of a bar of %s', async (path, name) => {
      // A category that is filtered by is asked for already.
      const bars = await ask<{ id: string; value: number }[]>(path, { limit: 3, ...parameters });
      const pages = await Promise.all(
        bars.map(({ id }) => ask<Page>('orders', { status: 'CLOSED', limit: 1, [name]: id, ...parameters })),
      );
      const isNamed = name in parameters;
      expect(pages.map(({ sums }) => sums!.orders)).toEqual(
        bars.map(({ value }) => (isNamed ? bars[0]!.value : value)),
      );
    });
  });

  it('lead to orders as CSV', async () => {
    const response = await fetch(`${api.url}/api/orders?status=CANCELLED`, {
      headers: { accept: 'text/csv' },
    });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="orders.csv"');
    const [names, ...lines] = (await response.text()).trimEnd().split('\n');
    expect(names).toBe('order_id,ordered_at,restaurant,status,cost,payment');
    expect(lines).toEqual(
      (
        await rows<{ text: string }>(
          `SELECT concat_ws(',', object_id, order_dt, restaurant_name, status, trim_scale(cost), trim_scale(payment)) AS text
           FROM cdm.order_versions JOIN cdm.restaurant_names USING (restaurant_id) WHERE status = 'CANCELLED'
           ORDER BY order_dt DESC, object_id DESC`,
        )
      ).map(({ text }) => text),
    );
    expect(lines.length).toBeGreaterThan(10);
  });

  it('lead to orders as files that Excel opens in Russian', async () => {
    const listed = await rows<{ id: string; at: string; cost: string; payment: string }>(
      `SELECT object_id::text AS id, order_dt::text AS at, trim_scale(cost)::text AS cost, trim_scale(payment)::text AS payment
       FROM cdm.order_versions WHERE status = 'CANCELLED' ORDER BY order_dt DESC, object_id DESC`,
    );
    const get = async (path: string, headers: Record<string, string>) =>
      Buffer.from(await (await fetch(`${api.url}/api/orders?${path}`, { headers })).arrayBuffer());
    const csv = await get('status=CANCELLED', { accept: formats.csv, 'accept-language': 'ru-RU,en;q=0.5' });
    expect([...csv.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [head, ...lines] = parse(csv, { bom: true, delimiter: ';' }) as string[][];
    expect(head).toEqual(['Заказ', 'Оформлен', 'Ресторан', 'Статус', 'Стоимость', 'Оплачено']);
    expect(lines.map(([id, at, , , cost, payment]) => ({ id, at, cost, payment }))).toEqual(
      listed.map((one) => ({
        ...one,
        cost: one.cost.replace('.', ','),
        payment: one.payment.replace('.', ','),
      })),
    );
    expect(lines.some(([, , , , cost]) => /^\d+,\d+$/.test(cost!))).toBe(true);
    const workbook = await get('status=CANCELLED&language=ru', { accept: formats.xlsx });
    const [sheet] = await readExcelFile(workbook);
    expect(sheet!.data[0]).toEqual(head);
    // A workbook counts days: a time is a fraction.
    const toSeconds = (time: unknown) => new Date(Math.round(Number(time) / 1_000) * 1_000);
    const inCells = sheet!.data.slice(1);
    expect(inCells.map(([id, at, , , cost, payment]) => [id, toSeconds(at), cost, payment])).toEqual(
      listed.map(({ id, at, cost, payment }) => [
        Number(id),
        new Date(`${at.replace(' ', 'T')}Z`),
        Number(cost),
        Number(payment),
      ]),
    );
    const refused = await fetch(`${api.url}/api/orders?language=de`, { headers: { accept: formats.csv } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('language');
  });

  it('name restaurants and categories by hash key, too', async () => {
    const [restaurant] = await ask<{ id: string; name: string }[]>('restaurants');
    const [category] = await ask<{ id: string; name: string }[]>('categories');
    expect([restaurant!.name, category!.name]).toEqual(['Restaurant 0', 'Category 0']);
    expect(await ask('summary', { restaurant_id: restaurant!.id, category: category!.id })).toEqual(
      await ask('summary', { restaurant_id: 'restaurant0', category: 'Category 0' }),
    );
    expect(await ask('restaurants')).toHaveLength(100);
    expect(await ask('categories')).toHaveLength(30);
  });

  it('say how large the audience of each tag is', async () => {
    expect(await ask('tags')).toEqual(
      await rows(
        'SELECT tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag ORDER BY users DESC, tag',
      ),
    );
  });

  it('write money as it is stored', async () => {
    const [exact] = await rows<{ revenue: string }>(
      `SELECT trim_scale(sum(payment))::text AS revenue FROM cdm.order_versions WHERE status = 'CLOSED'`,
    );
    const text = await (await fetch(`${api.url}/api/summary`)).text();
    expect(text).toContain(`"revenue":${exact!.revenue},`);
  });

  it.each([
    ['popularity/products', { limit: 0 }, 'limit must be a whole number from 1 to 1000, got 0'],
    ['popularity/products', { by: 'guests' }, 'by must be orders or users, got "guests"'],
    ['popularity/categories', { restaurant_id: ' ' }, 'restaurant_id must be a text of 1 to 200 characters'],
    ['summary', { from: '2024-02-30' }, 'from must be a day YYYY-MM-DD, or a time YYYY-MM-DD HH:MM:SS'],
    ['summary', { to: '2024-01-01T00:00:00Z' }, 'to must be a day YYYY-MM-DD, or a time'],
    ['summary', { limit: 5 }, 'limit is not a known field, got "5"'],
    ['orders', { status: 'closed' }, 'status must be OPEN or COOKING or DELIVERING or CLOSED or CANCELLED'],
    ['orders', { cursor: 'yesterday' }, 'cursor must be the next of a page before, got "yesterday"'],
    ['orders', { cursor: '2024-02-30 00:00:00|1' }, 'cursor must be the next of a page before'],
    ['orders', { cursor: '2024-02-20 00:00:00|9223372036854775808' }, 'cursor must be the next of a page'],
    ['summary', { known_at: '2024-03-01T18:00:00+20:00' }, 'known_at must be a time'],
    ['orders', { known_at: '2024-03-01T18:00:00-16:00' }, 'known_at must be a time'],
    ['timeline', { step: 'year' }, 'step must be hour or day or week or month, got "year"'],
    ['timeline', { step: 'hour', from: '2001-01-01', to: '2024-01-01' }, 'step must be longer'],
  ])('%s refuses %j', async (path, parameters, detail) => {
    const response = await fetch(
      `${api.url}/api/${path}?${query(parameters as Record<string, string | number>)}`,
    );
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(((await response.json()) as { detail: string }).detail).toContain(detail);
  });

  it('of a timeline leave out orders with unlikely dates, and take no time for them', async () => {
    const dates = ['0001-01-01', '9999-12-31'];
    const { rows: moved } = await pipeline.database.pool.query<{ order_id: string; order_dt: string }>(
      'SELECT order_id, order_dt FROM cdm.order_versions ORDER BY order_id LIMIT 2',
    );
    const move = (to: (place: number) => string) =>
      pipeline.database.pool.query(
        `UPDATE cdm.order_versions ledger SET order_dt = given.order_dt
         FROM unnest($1::uuid[], $2::timestamp[]) AS given (order_id, order_dt) WHERE ledger.order_id = given.order_id`,
        [moved.map(({ order_id }) => order_id), moved.map((_, place) => to(place))],
      );
    await move((place) => dates[place]!);
    try {
      const hours = await answer<{ start: string }[]>(`${api.url}/api/timeline?step=hour`);
      expect(hours[0]!.start > '2000').toBe(true);
      expect(hours.at(-1)!.start < '2100').toBe(true);
    } finally {
      await move((place) => moved[place]!.order_dt);
    }
    const begun = performance.now();
    const far = await fetch(`${api.url}/api/timeline?step=hour&from=0001-01-01&to=9999-12-31`);
    expect(far.status).toBe(400);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('take ids and pages up to the greatest of 64 bits', async () => {
    const greatest = '9223372036854775807';
    const { status } = await fetch(
      `${api.url}/api/orders?cursor=${encodeURIComponent(`9999-12-31 00:00:00|${greatest}`)}`,
    );
    expect(status).toBe(200);
  });

  it('have an ETag, and are not sent again', async () => {
    const url = `${api.url}/api/popularity/products?by=users`;
    const first = await fetch(url);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(Date.parse(first.headers.get('x-as-of')!)).toBeLessThan(Date.now());
    const again = await fetch(url, {
      // Without a word about caches, this client would ask for an answer from no cache.
      headers: { 'if-none-match': first.headers.get('etag')!, 'cache-control': 'max-age=0' },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('are described', async () => {
    const document = (await answer(`${api.url}/api/openapi.json`)) as Parameters<
      typeof SwaggerParser.validate
    >[0];
    expect(document).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
    const { paths = {} } = await SwaggerParser.validate(document);
    for (const path of [
      '/api/v1/popularity/categories',
      '/api/v1/popularity/products',
      '/api/v1/popularity/restaurants',
      '/api/v1/orders',
      '/api/v1/orders/{order_id}',
      '/api/v1/summary',
      '/api/v1/timeline',
      '/api/v1/restaurants',
      '/api/v1/categories',
      '/api/v1/tags',
      '/api/v1/pipeline',
      '/api/v1/audit',
      '/api/v1/stream',
    ]) {
      expect(paths).toHaveProperty([path, 'get', 'responses', '200']);
    }
  });

  it('have addresses with the version of the API, and without it', async () => {
    for (const path of ['summary', 'popularity/products?by=users']) {
      const [newer, older] = await Promise.all(
        ['api/v1', 'api'].map(async (root) => {
          const response = await fetch(`${api.url}/${root}/${path}`);
          return { status: response.status, body: await response.text() };
        }),
      );
      expect(newer!.status).toBe(200);
      expect(newer).toEqual(older);
    }
    expect((await fetch(`${api.url}/api/v2/summary`)).status).toBe(404);
  });

  it('are seen by the role for reports, and nothing else is', async () => {
    const client = await pipeline.database.pool.connect();
    try {
      await client.query('SET ROLE report_reader');
      const dishes = await client.query(
        'SELECT dish, orders FROM report.dish_popularity ORDER BY orders DESC, dish LIMIT 1',
      );
      expect(dishes.rows).toEqual([
        await ask<{ name: string; value: number }[]>('popularity/products', { limit: 1 }).then(([one]) => ({
          dish: one!.name,
          orders: one!.value,
        })),
      ]);
      const readable = await client.query<{ name: string }>(
        `SELECT DISTINCT table_schema AS name FROM information_schema.tables
         WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'public')`,
      );
      expect(readable.rows).toEqual([{ name: 'report' }]);
      const personal = await client.query<{ column_name: string }>(
        `SELECT column_name FROM information_schema.columns
         WHERE table_schema = 'report' AND (column_name LIKE '%source%' OR column_name LIKE '%login%' OR column_name = 'username')`,
      );
      expect(personal.rows).toEqual([]);
      await expect(client.query('SELECT FROM cdm.users')).rejects.toThrow('permission denied');
    } finally {
      await client.query('RESET ROLE');
      client.release();
    }
  });
});

interface Sent {
  event: string;
  data: string;
  at: number;
}

/** What a stream sends, as it comes. */
async function listen(url: string): Promise<{ said: Sent[]; ended: Promise<void>; leave: () => void }> {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const said: Sent[] = [];
  const read = async () => {
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((field) => field.split(/: ?(.*)/s, 2)),
        ) as { event?: string; data?: string };
        if (fields.event) {
          said.push({ event: fields.event, data: fields.data ?? '', at: Date.now() });
        }
        text = text.slice(end + 2);
      }
    }
  };
  return { said, ended: read().catch(() => {}), leave: () => leaving.abort() };
}

async function until(condition: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  for (const deadline = Date.now() + milliseconds; !(await condition()); await sleep(10)) {
    if (Date.now() > deadline) {
      throw new Error('it did not happen in time');
    }
  }
}

/* Orders of the source, through the three services, to two replicas of cdm. */
describe('live', () => {
  const pipeline = usePipeline();
  let other: ServiceProcess;
  let number = 0;

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    other = pipeline.replica('cdm');
    await other.start();
  });

  const send = (count = 1) =>
    pipeline.sendOrders(
      Array.from({ length: count }, () => ({
        value: sourceText({ id: (number += 1), user: `u${1 + (number % 12)}`, restaurant: 'r1' }),
      })),
    );
  const closed = async () =>
    (
      await pipeline.database.rows<{ n: number }>(
        `SELECT count(*)::integer AS n FROM cdm.order_versions WHERE status = 'CLOSED'`,
      )
    )[0]!.n;

  it('both replicas report within a second that an order was counted, and answer with it', async () => {
    const replicas = [pipeline.service('cdm'), other];
    const streams = await Promise.all(replicas.map(({ url }) => listen(`${url}/api/stream`)));
    await until(() => streams.every(({ said }) => said.length === 1));
    const delays: number[] = [];
    for (let round = 1; round <= 3; round += 1) {
      await sleep(1_100);
      await send();
      await until(async () => (await closed()) === number);
      const counted = Date.now();
      await until(() => streams.every(({ said }) => said.length > round));
      for (const [place, { said }] of streams.entries()) {
        const last = said.at(-1)!;
        expect(last.event).toBe('change');
        delays.push(last.at - counted);
        const { closed_orders, newest_order_at, as_of } = JSON.parse(last.data) as Record<string, unknown>;
        expect(closed_orders).toBe(number);
        // An answer that takes longer than 40 ms is the one before, which says of when it is.
        await expect
          .poll(() => answer(`${replicas[place]!.url}/api/summary`))
          .toMatchObject({ closed_orders, newest_order_at, as_of });
      }
    }
    streams.forEach(({ leave }) => leave());
    // A busy machine may delay one of them.
    expect(Math.min(...delays)).toBeLessThan(1_000);
    expect(Math.max(...delays)).toBeLessThan(10_000);
  });

  it('reports at most once a second, however much is counted', async () => {
    const begun = Date.now();
    const { said, leave } = await listen(`${pipeline.service('cdm').url}/api/stream`);
    await until(async () => {
      await send(5);
      await sleep(50);
      return said.length > 3;
    });
    await pipeline.settled();
    await until(() => (JSON.parse(said.at(-1)!.data) as { closed_orders: number }).closed_orders === number);
    leave();
    // The first says how it is, and the second may follow at once.
    expect(said.length - 2).toBeLessThanOrEqual((said.at(-1)!.at - begun) / 1_000);
    const counted = await pipeline.database.rows<{ n: number }>(
      'SELECT count(DISTINCT partition)::integer AS n FROM cdm.counted_batches',
    );
    expect(counted[0]!.n).toBeGreaterThan(1);
  });

  it('answers filtered questions with every order that was counted, corrected or cancelled', async () => {
    const url = (path: string) => `${other.url}/api/${path}&from=2024-01-01&to=2025-01-01 12:00:00`;
    await answer(url('popularity/products?by=users'));
    await until(() => other.tail(500).includes('orders are copied'));
    const change = async (changes: OrderChanges) => {
      await pipeline.sendOrders([
        { value: sourceText({ restaurant: 'r2', items: [line('d4')], ...changes }) },
      ]);
      await pipeline.settled();
    };
    // An answer that takes longer than 40 ms is the one before, so the newest may come with the next question.
    const pelmeni = async () =>
      (await answer<{ name: string; value: number }[]>(url('popularity/products?by=users'))).find(
        ({ name }) => name === 'Pelmeni',
      )?.value;
    await expect.poll(pelmeni).toBe(undefined);
    await change({ id: 800_001, user: 'u1' });
    await expect.poll(pelmeni).toBe(1);
    await change({ id: 800_002, user: 'u1' });
    await expect.poll(pelmeni).toBe(1);
    await change({ id: 800_003, user: 'u2' });
    await expect.poll(pelmeni).toBe(2);
    await change({ id: 800_003, user: 'u2', status: 'CANCELLED', updateTs: '2024-03-01 14:00:00' });
    await expect.poll(pelmeni).toBe(1);
    await change({ id: 800_001, user: 'u1', items: [line('d3')], updateTs: '2024-03-01 14:00:00' });
    await expect.poll(pelmeni).toBe(1);
    await change({ id: 800_002, user: 'u1', date: '2023-03-01 12:00:00', updateTs: '2024-03-01 14:00:00' });
    await expect.poll(pelmeni).toBe(undefined);
    expect(other.tail(500).match(/orders are copied/g)).toHaveLength(1);
  });

  it('shows how the services are', async () => {
    await pipeline.sendOrders([
      { value: sourceText({ id: 900_001, user: 'stranger', restaurant: 'r1' }) },
      { value: sourceText({ id: 900_002, user: 'u1', restaurant: 'nowhere' }) },
      { value: '{' },
    ]);
    await send();
    await pipeline.settled();
    interface State {
      services: Record<string, unknown>[];
      stale_since: string | null;
    }
    const newest = await pipeline.database.rows<{ order_version: string }>(
      'SELECT max(order_version) AS order_version FROM cdm.order_versions',
    );
    let state: State | undefined;
    // A service reports every two seconds how it is; until then a dead letter is there for a reason that is unknown.
    await expect
      .poll(async () => (state = await answer<State>(`${other.url}/api/pipeline`)))
      .toMatchObject({
        services: [
          {
            service: 'stg',
            lag: 0,
            parked: [
              { missing: 'restaurant', orders: 1 },
              { missing: 'user', orders: 1 },
            ],
            dead_letters: [{ reason: 'invalid_json', messages: 1 }],
          },
          { service: 'dds', lag: 0, parked: [], dead_letters: [] },
          { service: 'cdm', lag: 0, newest_version: newest[0] },
        ],
        stale_since: null,
      });
    for (const { freshness_seconds, seen_at } of state!.services) {
      expect(freshness_seconds).toBeLessThan(60);
      expect(Date.now() - Date.parse(seen_at as string)).toBeLessThan(30_000);
    }
  });

  it('says since when a service is silent, and what it has not read', async () => {
    const dds = pipeline.service('dds');
    await dds.stop();
    const stopped = Date.now();
    await send(3);
    interface State {
      services: { service: string; lag: number | null }[];
      stale_since: string | null;
    }
    let state: State | undefined;
    await until(async () => {
      state = await answer<State>(`${other.url}/api/pipeline`);
      return state.stale_since !== null && state.services[1]!.lag! > 0;
    });
    const [seen] = await pipeline.database.rows<{ at: Date }>(
      `SELECT max(seen_at) AS at FROM pipeline.service_states WHERE service = 'dds'`,
    );
    expect(state!.stale_since).toBe(seen!.at.toISOString());
    expect(Date.parse(state!.stale_since!)).toBeLessThanOrEqual(stopped);
    await dds.start();
    await pipeline.settled();
    await until(async () => (await answer<State>(`${other.url}/api/pipeline`)).stale_since === null);
  });

  it('ends the stream when the service stops, at once', async () => {
    const { said, ended } = await listen(`${other.url}/api/stream`);
    await until(() => said.length > 0);
    const begun = Date.now();
    expect(await other.stop()).toBe(0);
    await ended;
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});
