import { parse } from 'csv-parse/sync';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { EVALUATION_LOCK } from '../apps/cdm/src/tags/evaluations';
import { roles, type Role } from '@app/contracts/api-roles';
import { Pipeline } from './harness/pipeline';
import { runTool } from './harness/run-tool';
import type { ServiceProcess } from './harness/service-process';

/*
 * What the page of tags asks of cdm beside rules and previews, over marts that are written here by SQL. No rule is
 * evaluated meanwhile: the lock of that job is held.
 */
const pipeline = new Pipeline(inject('stack'));
const TOKEN = 'the token of this test';
/** Ahead of UTC by ten hours, all year: its days are others than those of the database. */
const ZONE = 'Asia/Vladivostok';
const USERS = 900;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

let api: ServiceProcess;
let evaluations: Client;
let failed = true;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  await pipeline.prepare();
  await pipeline.database.pool.query(marts);
  evaluations = new Client({ connectionString: pipeline.database.url });
  await evaluations.connect();
  await evaluations.query('BEGIN');
  await evaluations.query('SELECT pg_advisory_xact_lock(hashtext($1))', [EVALUATION_LOCK]);
  const users = join(pipeline.logs, 'api-users');
  for (const role of roles) {
    const made = await runTool('api-user', [`Olga the ${role}`, '--role', role], {});
    appendFileSync(users, made.stdout);
    tokens[role] = /: (\S+)\s*$/.exec(made.stderr)![1]!;
  }
  api = pipeline.replica('cdm', { API_TOKEN: TOKEN, API_USERS: users, SOURCE_TIME_ZONE: ZONE });
  await api.start();
  failed = false;
});
beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    failed = true;
    console.error(pipeline.tails());
  });
});
afterAll(async () => {
  await evaluations?.end();
  await pipeline.remove({ keepLogs: failed });
});

const rows = <Row extends object>(text: string, values?: unknown[]) =>
  pipeline.database.rows<Row>(text, values);

/**
 * Users whose tags came and went in the last 40 days: the n-th user was given a tag n hours ago, every third lost it
 * some hours later, and every ninth of all got it back then, all of it before now.
 */
const marts = /* sql */ `
  CREATE FUNCTION k(hub text, business_key text) RETURNS uuid LANGUAGE sql AS $$ SELECT dds.hash_key(hub, business_key) $$;
  INSERT INTO cdm.product_names (product_id, product_name, valid_from)
  SELECT k('h_product', id), name, '2024-01-01'
  FROM (VALUES ('d0', 'Пицца с ЁЖИКОМ'), ('d1', 'Мини-пицца'), ('d2', 'Борщ'), ('d3', '<b>пицца</b>')) dish (id, name);
  INSERT INTO cdm.product_popularity_slots (product_id, order_cnt, user_cnt, slot) VALUES
    (k('h_product', 'd0'), 5, 5, 0), (k('h_product', 'd1'), 4, 4, 0), (k('h_product', 'd1'), 4, 4, 1), (k('h_product', 'd2'), 90, 9, 0);
  INSERT INTO cdm.restaurant_names (restaurant_id, restaurant_name, valid_from)
  SELECT k('h_restaurant', name), name, '2024-01-01' FROM unnest(ARRAY['Ёлки', 'Палки', 'Иголки']) AS name;

  INSERT INTO cdm.users (user_id, source_user_id)
  SELECT k('h_user', id), id FROM (SELECT CASE n WHEN 7 THEN '=Guest7' ELSE 'Guest' || n END AS id FROM generate_series(1, ${USERS}) n) guest;
  CREATE TABLE happened AS
  SELECT n, id, tag, step, now() - make_interval(hours => n) + make_interval(hours => step * least(n % 13, n / 3)) AS at
  FROM generate_series(1, ${USERS}) n
  CROSS JOIN LATERAL (SELECT CASE n WHEN 7 THEN '=Guest7' ELSE 'Guest' || n END AS id) guest
  CROSS JOIN LATERAL (VALUES ('pizza'), ('soup/hot')) AS given (tag)
  CROSS JOIN LATERAL generate_series(0, CASE WHEN n % 9 = 0 THEN 2 WHEN n % 3 = 0 THEN 1 ELSE 0 END) AS step
  WHERE tag = 'pizza' OR n % 2 = 0;
  INSERT INTO cdm.user_tag_events (event_id, user_id, event_number, event, source_user_id, tag, order_cnt, at, published_at)
  SELECT md5(id || tag || step)::uuid, k('h_user', id), row_number() OVER (PARTITION BY id ORDER BY step, tag),
    CASE step WHEN 1 THEN 'revoked' ELSE 'assigned' END, id, tag, 3, at, now() FROM happened;
  INSERT INTO cdm.user_tags (user_id, tag, order_cnt, since)
  SELECT DISTINCT ON (id, tag) k('h_user', id), tag, 1 + n % 20, at FROM happened
  WHERE NOT (n % 3 = 0 AND n % 9 <> 0) ORDER BY id, tag, step DESC;

  INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment,
    product_ids, category_ids, quantities, amounts)
  SELECT k('h_order', (n * 10 + i)::text), n * 10 + i, '1', k('h_user', 'Guest' || n), k('h_restaurant', 'Ёлки'),
    CASE i WHEN 2 THEN 'CANCELLED' ELSE 'CLOSED' END, timestamp '2024-03-01 10:00:00' + make_interval(days => n % 50 + i), 100, 100,
    ARRAY[k('h_product', 'd0')], ARRAY[k('h_category', 'Выпечка')], '{1}', '{100}'
  FROM generate_series(1, ${USERS}) n CROSS JOIN generate_series(0, 2) i WHERE n NOT IN (7, 8);

  INSERT INTO cdm.tag_rules (id, tag, created_by, conditions) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'pizza', 'test',
      '{"all_of":[{"count":"orders","match":{"product_pattern":"пицц"},"at_least":2}]}'),
    ('00000000-0000-4000-8000-00000000000b', 'nobody', 'test',
      '{"all_of":[{"count":"orders","match":{"product_pattern":"ничего"},"at_least":9}]}')`;

const pizza = '00000000-0000-4000-8000-00000000000a';
const nobody = '00000000-0000-4000-8000-00000000000b';
const unknown = '00000000-0000-4000-8000-00000000000f';

interface Asked {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

function ask(route: string, { body, token = TOKEN, headers }: Asked = {}): Promise<Response> {
  const [method, path] = route.split(' ') as [string, string];
  return fetch(`${api.url}${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** @throws where the answer is a problem */
async function answer<T>(route: string, asked?: Asked): Promise<T> {
  const response = await ask(route, asked);
  if (!response.ok) {
    throw new Error(`${route}: ${await response.text()}`);
  }
  return (await response.json()) as T;
}

async function refusal(route: string, asked?: Asked): Promise<[status: number, detail: string]> {
  const response = await ask(route, asked);
  return [response.status, ((await response.json()) as { detail: string }).detail];
}

describe('a role', () => {
  it.each([
    ['viewer', 'GET /api/caller'],
    ['viewer', 'GET /api/tags/overview'],
    ['viewer', 'GET /api/tags/overlap?tag=pizza&tag=nobody'],
    ['viewer', 'GET /api/tag-rules/history'],
    ['viewer', `GET /api/tag-rules/${pizza}/history`],
    ['analyst', 'GET /api/tags/pizza/users'],
    ['editor', `POST /api/tag-rules/${unknown}/history/1/undo`],
  ] as const)('%s may ask for %s, and no lesser one', async (needed, route) => {
    for (const role of roles) {
      const may = roles.indexOf(role) >= roles.indexOf(needed);
      const { status } = await ask(route, { token: tokens[role] });
      expect([role, status]).toEqual([role, may ? (route.startsWith('POST') ? 404 : 200) : 403]);
    }
  });

  it('is said to its holder, with the name', async () => {
    expect(await answer('GET /api/caller')).toEqual({ name: 'api', role: 'operator' });
    for (const role of roles) {
      expect(await answer('GET /api/caller', { token: tokens[role] })).toEqual({
        name: `Olga the ${role}`,
        role,
      });
    }
  });
});

describe('the overview', () => {
  interface Overview {
    tag: string;
    users: number;
    gained_today: number;
    lost_today: number;
    days: { day: string; users: number }[];
    progress: number | null;
  }

  it('has the audience of each tag now and at the end of each of the last 30 days', async () => {
    const overview = await answer<Overview[]>('GET /api/tags/overview');
    expect(overview.map(({ tag }) => tag)).toEqual(['pizza', 'soup/hot', 'nobody']);
    // Counted from the beginning, where the service counts from now back.
    const expected = await rows<{ tag: string; days: Overview['days'] }>(/* sql */ `
      SELECT tag, json_agg(json_build_object('day', day, 'users', users) ORDER BY day) #>> '{}' AS days FROM (
        SELECT tag, day::date::text AS day, (
          SELECT count(*) FILTER (WHERE event = 'assigned') - count(*) FILTER (WHERE event = 'revoked') FROM cdm.user_tag_events event
          WHERE event.tag = given.tag AND at < (day + interval '1 day') AT TIME ZONE '${ZONE}') AS users
        FROM (SELECT DISTINCT tag FROM happened) given,
          generate_series((now() AT TIME ZONE '${ZONE}')::date - interval '29 days', (now() AT TIME ZONE '${ZONE}')::date::timestamp, interval '1 day') AS day
      ) counted GROUP BY tag ORDER BY tag`);
    const asked = overview.slice(0, 2).map(({ tag, days }) => ({ tag, days }));
    expect(asked).toEqual(
      expected.map(({ tag, days }) => ({ tag, days: JSON.parse(String(days)) as unknown })),
    );
    expect(new Set(asked[0]!.days.map(({ users }) => users)).size).toBeGreaterThan(20);
    const held = await rows<{ tag: string; users: number }>(
      'SELECT tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY tag ORDER BY tag',
    );
    expect(overview.slice(0, 2).map(({ tag, users }) => ({ tag, users }))).toEqual(held);
    expect(overview[0]!.days.at(-1)!.users).toBe(overview[0]!.users);
    expect(overview[2]!.days.map(({ users }) => users)).toEqual(Array(30).fill(0));
  });

  it('has what came and went today', async () => {
    const today = await rows<{ tag: string; gained: number; lost: number }>(/* sql */ `
      SELECT tag, count(*) FILTER (WHERE event = 'assigned' AND today)::integer AS gained,
        count(*) FILTER (WHERE event = 'revoked' AND today)::integer AS lost
      FROM (SELECT *, (at AT TIME ZONE '${ZONE}')::date = (now() AT TIME ZONE '${ZONE}')::date AS today FROM cdm.user_tag_events) event
      GROUP BY tag ORDER BY tag`);
    const overview = await answer<Overview[]>('GET /api/tags/overview');
    expect(
      overview.slice(0, 2).map(({ tag, gained_today, lost_today }) => ({
        tag,
        gained: gained_today,
        lost: lost_today,
      })),
    ).toEqual(today);
  });

  it('has the progress of an evaluation, also for the tag that a rule gave before', async () => {
    const progress = async () =>
      Object.fromEntries(
        (await answer<Overview[]>('GET /api/tags/overview')).map((one) => [one.tag, one.progress]),
      );
    expect(await progress()).toEqual({ pizza: 0, 'soup/hot': null, nobody: 0 });
    await rows(`DELETE FROM cdm.tag_evaluations WHERE rule_id = '${pizza}'`);
    await rows(
      `UPDATE cdm.tag_evaluations SET last_user = 'c0000000-0000-5000-8000-000000000000' WHERE rule_id = '${nobody}'`,
    );
    expect(await progress()).toEqual({ pizza: null, 'soup/hot': null, nobody: 0.75 });
    await rows(`UPDATE cdm.tag_rules SET tag = 'soup/hot' WHERE id = '${pizza}'`);
    expect(await progress()).toEqual({ pizza: 0, 'soup/hot': 0, nobody: 0.75 });
    await rows(`UPDATE cdm.tag_rules SET tag = 'pizza' WHERE id = '${pizza}'`);
  });
});

describe('the overlap', () => {
  it('counts those who hold each tag, each two and all', async () => {
    const [held] = await rows<{ pizza: number; soup: number; both: number }>(/* sql */ `
      SELECT count(*) FILTER (WHERE 'pizza' = ANY (tags))::integer AS pizza,
        count(*) FILTER (WHERE 'soup/hot' = ANY (tags))::integer AS soup, count(*) FILTER (WHERE cardinality(tags) = 2)::integer AS both
      FROM (SELECT array_agg(tag::text) AS tags FROM cdm.user_tags GROUP BY user_id) held`);
    const { pizza: ofPizza, soup, both } = held!;
    expect(both).toBeGreaterThan(100);
    expect(await answer('GET /api/tags/overlap?tag=soup%2Fhot&tag=nobody&tag=pizza')).toEqual({
      tags: [
        { tag: 'soup/hot', users: soup },
        { tag: 'nobody', users: 0 },
        { tag: 'pizza', users: ofPizza },
      ],
      pairs: [
        { tags: ['soup/hot', 'nobody'], users: 0 },
        { tags: ['soup/hot', 'pizza'], users: both },
        { tags: ['nobody', 'pizza'], users: 0 },
      ],
      all: 0,
    });
    expect(await answer('GET /api/tags/overlap?tag=soup%2Fhot&tag=pizza')).toMatchObject({ all: both });
  });

  it.each([
    [
      'one tag',
      '?tag=pizza',
      'must be 2 to 10 different texts of 1 to 200 characters, none blank, got ["pizza"]',
    ],
    ['a tag twice', '?tag=pizza&tag=pizza', '2 to 10 different texts'],
    [
      'eleven tags',
      `?${Array.from({ length: 11 }, (_, n) => `tag=${n}`).join('&')}`,
      '2 to 10 different texts',
    ],
    ['a blank tag', '?tag=pizza&tag=%20', 'none blank'],
    ['none', '', 'tag is missing'],
  ])('is refused for %s', async (_, query, detail) => {
    const refused = await refusal(`GET /api/tags/overlap${query}`);
    expect(refused).toEqual([400, expect.stringContaining(detail)]);
    expect(refused[1]).toMatch(/^tag /);
  });
});

describe('the history', () => {
  interface Rule {
    id: string;
    tag: string;
    enabled: boolean;
    changed_by: string;
    changed_at: string;
  }
  interface Change {
    number: number;
    rule_id: string;
    change: string;
    before: Rule | null;
    after: Rule | null;
    changed_by: string;
    changed_at: string;
  }
  interface Page {
    changes: Change[];
    next: number | null;
  }
  const rule = { tag: 'roofs', match: { category: 'Крыши' }, min_orders: 5, window_days: 30 };
  const editor = () => ({ token: tokens.editor });
  const historyOf = async (id: string) => (await answer<Page>(`GET /api/tag-rules/${id}/history`)).changes;
  const undo = (id: string, number: number, asked?: Asked) =>
    answer<{ rule: Rule | null }>(`POST /api/tag-rules/${id}/history/${number}/undo`, asked);
  const past = (said: object) => {
    const { evaluation: _e, changed_by: _b, changed_at: _a, ...left } = said as Record<string, unknown>;
    return left;
  };

  it('has every change with what the rule was before and after, by the name of the user', async () => {
    const created = await answer<Rule>('POST /api/tag-rules', { body: rule, ...editor() });
    const route = `/api/tag-rules/${created.id}`;
    expect(created).toMatchObject({ changed_by: 'Olga the editor' });
    const changed = await answer<Rule>(`PUT ${route}`, { body: { ...rule, min_orders: 6 } });
    expect(changed).toMatchObject({ changed_by: 'api', created_by: 'Olga the editor' });
    // What changes nothing is no change.
    await answer<Rule>(`PUT ${route}`, { body: { ...changed, changed_by: 'the boss' }, ...editor() });
    await rows('UPDATE cdm.tag_rules SET enabled = false WHERE id = $1', [created.id]);
    const disabled = await answer<Rule>(`GET ${route}`);
    await ask(`DELETE ${route}`, editor());

    const changes = await historyOf(created.id);
    const [login] = await rows<{ name: string }>('SELECT CURRENT_USER AS name');
    expect(changes.map(({ number: _number, changed_at: _at, ...change }) => change)).toEqual(
      [
        ['created', null, created, 'Olga the editor'],
        ['changed', created, changed, 'api'],
        ['changed', changed, disabled, login!.name],
        ['deleted', disabled, null, 'Olga the editor'],
      ]
        .map(([change, before, after, changed_by]) => ({
          rule_id: created.id,
          change,
          before: before && past(before as object),
          after: after && past(after as object),
          changed_by,
        }))
        .toReversed(),
    );
    expect(disabled).toMatchObject({
      enabled: false,
      changed_by: login!.name,
      changed_at: changes[1]!.changed_at,
    });
    const numbers = changes.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  });

  it('can be undone step by step, and each undoing is a change', async () => {
    const created = await answer<Rule>('POST /api/tag-rules', { body: rule });
    await answer(`PUT /api/tag-rules/${created.id}`, {
      body: { tag: 'other', match: { product_pattern: 'x' }, min_orders: 1, enabled: false },
    });
    await ask(`DELETE /api/tag-rules/${created.id}`);
    const [deleted, changed, first] = await historyOf(created.id);

    const { rule: back } = await undo(created.id, deleted!.number, editor());
    expect(back).toMatchObject({
      id: created.id,
      tag: 'other',
      enabled: false,
      changed_by: 'Olga the editor',
    });
    const { rule: original } = await undo(created.id, changed!.number, editor());
    expect(past(original!)).toEqual(past(created));
    expect(original).toMatchObject({ changed_by: 'Olga the editor', evaluation: 'pending' });
    // It is so already: nothing happens.
    await undo(created.id, changed!.number, editor());
    expect(await undo(created.id, first!.number)).toEqual({ rule: null });
    expect((await ask(`GET /api/tag-rules/${created.id}`)).status).toBe(404);
    expect(await undo(created.id, first!.number)).toEqual({ rule: null });

    const changes = (await historyOf(created.id)).toReversed();
    expect(changes.map(({ change }) => change)).toEqual([
      'created',
      'changed',
      'deleted',
      'created',
      'changed',
      'deleted',
    ]);
    expect(await rows('SELECT FROM cdm.tag_evaluations WHERE rule_id = $1', [created.id])).toHaveLength(6);
  });

  it('knows a rule that gets another id as one that goes and one that comes', async () => {
    const { id } = await answer<Rule>('POST /api/tag-rules', { body: rule });
    await rows('UPDATE cdm.tag_rules SET id = $2 WHERE id = $1', [id, unknown]);
    expect((await historyOf(id)).map(({ change }) => change)).toEqual(['deleted', 'created']);
    expect((await historyOf(unknown)).map(({ change }) => change)).toEqual(['created']);
    await rows('DELETE FROM cdm.tag_rules WHERE id = $1', [unknown]);
  });

  it('of all rules comes in pages, the newest first', async () => {
    const all = await rows<{ number: number }>(
      'SELECT number::integer FROM cdm.tag_rule_changes ORDER BY number DESC',
    );
    expect(all.length).toBeGreaterThan(10);
    const seen: number[] = [];
    let cursor: number | null = null;
    do {
      const page: Page = await answer(
        `GET /api/tag-rules/history?limit=4${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...page.changes.map(({ number }) => number));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(all.map(({ number }) => number));
  });

  it('refuses what is not there, by its field', async () => {
    expect(await refusal(`POST /api/tag-rules/${unknown}/history/999999/undo`)).toEqual([
      404,
      'there is no such change of a rule with this id',
    ]);
    const [newest] = await historyOf(pizza);
    expect((await ask(`POST /api/tag-rules/${nobody}/history/${newest!.number}/undo`)).status).toBe(404);
    expect(await refusal(`POST /api/tag-rules/${pizza}/history/x/undo`)).toEqual([
      400,
      'number must be a whole number from 1 to 999999999, got "x"',
    ]);
    expect(await refusal('GET /api/tag-rules/history?limit=0')).toEqual([
      400,
      'limit must be a whole number from 1 to 1000, got 0',
    ]);
    expect(await answer(`GET /api/tag-rules/00000000-0000-4000-8000-000000000001/history`)).toEqual({
      changes: [],
      next: null,
    });
  });

  it('cannot be changed by the service', async () => {
    const service = new Client({ connectionString: pipeline.database.loginUrls.cdm });
    await service.connect();
    try {
      await expect(service.query(`UPDATE cdm.tag_rule_changes SET changed_by = 'x'`)).rejects.toThrow(
        'denied',
      );
      await expect(service.query('DELETE FROM cdm.tag_rule_changes')).rejects.toThrow('denied');
    } finally {
      await service.end();
    }
  });
});

describe('the audience', () => {
  interface Page {
    users: { source_user_id: string; last_order_at: string | null }[];
    next: string | null;
    count: number;
  }
  const route = 'GET /api/tags/soup%2Fhot/users';
  let all: { source_user_id: string; user_id: string; order_cnt: number; since: Date; last: string | null }[];

  beforeAll(async () => {
    all = await rows(
      `SELECT source_user_id, user_id, order_cnt, since, (SELECT max(order_dt) FROM cdm.order_versions placed
         WHERE placed.user_id = cdm.users.user_id AND status = 'CLOSED') AS last
       FROM cdm.user_tags JOIN cdm.users USING (user_id) WHERE tag = 'soup/hot' ORDER BY user_id`,
    );
  });

  it('has its size, and the newest CLOSED order of each user', async () => {
    const page = await answer<Page>(`${route}?limit=1000`);
    expect(page.count).toBe(all.length);
    expect(page.users).toEqual(
      all.map(({ last, since, ...user }) => ({ ...user, since: since.toISOString(), last_order_at: last })),
    );
    expect(page.users.find(({ source_user_id }) => source_user_id === 'Guest8')!.last_order_at).toBeNull();
    expect(page.users.find(({ source_user_id }) => source_user_id === 'Guest10')!.last_order_at).toBe(
      '2024-03-12 10:00:00',
    );
  });

  it('can be searched by a part of the id, in pages', async () => {
    const found = all.filter(({ source_user_id }) => source_user_id.toLowerCase().includes('guest1'));
    expect(found.length).toBeGreaterThan(30);
    const first = await answer<Page>(`${route}?search=GUEST1&limit=20`);
    const second = await answer<Page>(`${route}?search=GUEST1&limit=1000&cursor=${first.next}`);
    expect([first.count, second.count, second.next]).toEqual([found.length, found.length, null]);
    expect([...first.users, ...second.users].map(({ source_user_id }) => source_user_id)).toEqual(
      found.map(({ source_user_id }) => source_user_id),
    );
    expect(await answer(`${route}?search=%25`)).toEqual({ users: [], next: null, count: 0 });
    expect((await refusal(`${route}?search=${'x'.repeat(201)}`))[0]).toBe(400);
  });

  const local = (time: Date) =>
    new Date(time.getTime() + 10 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

  it.each([
    ['?language=ru', {}, ';', 'Гость;Ключ гостя;Заказов;Тег с;Последний подходящий заказ'],
    [
      '',
      { 'accept-language': 'ru-RU,ru;q=0.9,en;q=0.8' },
      ';',
      'Гость;Ключ гостя;Заказов;Тег с;Последний подходящий заказ',
    ],
    [
      '?language=en',
      { 'accept-language': 'ru' },
      ',',
      'Guest,Guest key,Orders,Has the tag since,Last matching order',
    ],
  ] as [string, Record<string, string>, string, string][])(
    'is a CSV for a spreadsheet program in the language of "%s" %j',
    async (query, headers, delimiter, names) => {
      const response = await ask(route + query, { headers: { accept: 'text/csv', ...headers } });
      expect(response.headers.get('content-disposition')).toBe('attachment; filename="users.csv"');
      const bytes = Buffer.from(await response.arrayBuffer());
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const [head, ...lines] = parse(bytes, { bom: true, delimiter }) as string[][];
      expect(head!.join(delimiter)).toBe(names);
      expect(lines).toEqual(
        all.map((user) => [
          user.source_user_id,
          user.user_id,
          String(user.order_cnt),
          local(user.since),
          user.last ?? '',
        ]),
      );
    },
  );

  it('is the CSV that it was for tools, whatever else they say of languages', async () => {
    const expected = `source_user_id,user_id,order_cnt,since\n${all
      .map(({ source_user_id, user_id, order_cnt, since }) =>
        [source_user_id, user_id, order_cnt, since.toISOString()].join(','),
      )
      .join('\n')}\n`;
    for (const language of ['*', 'en-US,en;q=0.9', 'de', 'en, ru']) {
      const response = await ask(route, { headers: { accept: 'text/csv', 'accept-language': language } });
      expect(response.headers.get('vary')).toBe('Accept, Accept-Language');
      expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toBe(
        Buffer.from(expected).toString('latin1'),
      );
    }
  });

  it('is a workbook that another library opens, with texts that are no formulas', async () => {
    const response = await ask('GET /api/tags/pizza/users?language=ru', { headers: { accept: XLSX } });
    expect(response.headers.get('content-type')).toBe(XLSX);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="users.xlsx"');
    const [sheet] = await readExcelFile(Buffer.from(await response.arrayBuffer()));
    const [head, ...lines] = sheet!.data;
    expect(head).toEqual(['Гость', 'Ключ гостя', 'Заказов', 'Тег с', 'Последний подходящий заказ']);
    const held = await rows<{ source_user_id: string; since: Date }>(
      `SELECT source_user_id, since FROM cdm.user_tags JOIN cdm.users USING (user_id) WHERE tag = 'pizza' ORDER BY user_id`,
    );
    expect(lines.map(([guest]) => guest)).toEqual(held.map(({ source_user_id }) => source_user_id));
    expect(lines.some(([guest]) => guest === '=Guest7')).toBe(true);
    // A workbook counts days: a time is a fraction.
    const shown = new Date(Math.round(Number(lines[0]![3]) / 1_000) * 1_000);
    expect(shown).toEqual(new Date(`${local(held[0]!.since).replace(' ', 'T')}Z`));

    const found = await ask('GET /api/tags/pizza/users?search=guest7', { headers: { accept: XLSX } });
    const [few] = await readExcelFile(Buffer.from(await found.arrayBuffer()));
    expect(few!.data[0]![0]).toBe('Guest');
    expect(few!.data.slice(1).every(([guest]) => /guest7/i.test(String(guest)))).toBe(true);
  });

  describe('has as the last order of a user', () => {
    const soup = { count: 'orders', match: { product_pattern: 'борщ' }, at_least: 1 };
    const bakery = { count: 'orders', match: { category: 'Выпечка' }, at_least: 1 };
    /** Guest10 has bakery of the 11th and 12th of March, and a soup in July; Guest110 has no soup. */
    const last = async () => {
      const { users } = await answer<Page>(`${route}?limit=1000`);
      return ['Guest10', 'Guest110'].map(
        (guest) => users.find(({ source_user_id }) => source_user_id === guest)!.last_order_at,
      );
    };
    const [soupOrder, ofMarch12, ofMarch11] = [
      '2024-07-01 10:00:00',
      '2024-03-12 10:00:00',
      '2024-03-11 10:00:00',
    ];

    beforeAll(async () => {
      await rows(
        `INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt,
           cost, payment, product_ids, category_ids, quantities, amounts)
         VALUES (k('h_order', 'soup'), 99999, '1', k('h_user', 'Guest10'), k('h_restaurant', 'Палки'), 'CLOSED', '${soupOrder}',
           100, 100, ARRAY[k('h_product', 'd2')], ARRAY[k('h_category', 'Супы')], '{1}', '{100}')`,
      );
    });
    afterAll(async () => {
      await rows(`DELETE FROM cdm.order_versions WHERE object_id = 99999`);
    });

    it.each<[rules: object[], last: (string | null)[]]>([
      [[], [soupOrder, ofMarch12]],
      [[{ all_of: [soup] }], [soupOrder, null]],
      [[{ all_of: [bakery] }], [ofMarch12, ofMarch12]],
      [[{ all_of: [{ ...bakery, to: '2024-03-12' }] }], [ofMarch11, ofMarch11]],
      [[{ all_of: [{ ...bakery, last_days: 7 }] }], [null, null]],
      [[{ all_of: [bakery, { ...soup, not: true }] }], [ofMarch12, ofMarch12]],
      [
        [
          {
            all_of: [
              { ...bakery, not: true },
              { count: 'first_order', to: '2025-01-01' },
            ],
          },
        ],
        [soupOrder, ofMarch12],
      ],
      [
        [{ all_of: [bakery] }, { any_of: [soup] }],
        [soupOrder, ofMarch12],
      ],
      [
        [
          { all_of: [{ any_of: [{ ...soup, count: 'money' }] }] },
          { all_of: [{ ...bakery, count: 'items', to: '2024-03-12' }] },
        ],
        [soupOrder, ofMarch11],
      ],
      [
        [{ all_of: [{ count: 'days_since_last_order', match: bakery.match, at_least: 30 }] }],
        [ofMarch12, ofMarch12],
      ],
    ])('with the rules %j: %j', async (rules, expected) => {
      await rows(
        `INSERT INTO cdm.tag_rules (id, tag, created_by, enabled, conditions)
         SELECT gen_random_uuid(), 'soup/hot', 'test', enabled, conditions
         FROM unnest($1::jsonb[], $2::boolean[]) AS rule (conditions, enabled)`,
        // One that is not enabled names nothing.
        [
          [...rules, { all_of: [{ count: 'orders', at_least: 1 }] }],
          [...rules.map(() => true), false],
        ],
      );
      expect(await last()).toEqual(expected);
      await rows(`DELETE FROM cdm.tag_rules WHERE tag = 'soup/hot'`);
    });
  });

  it('is refused in another language', async () => {
    expect(await refusal(`${route}?language=de`)).toEqual([400, 'language must be en or ru, got "de"']);
  });
});

describe('names', () => {
  const names = async (path: string) =>
    (await answer<{ id: string; name: string }[]>(`GET /api/${path}`, { token: '' })).map(({ name }) => name);

  it('of products come by a part, ignoring case, ё as е, those with the most orders first', async () => {
    expect(await names('products?search=ПИЦЦ')).toEqual(['Мини-пицца', 'Пицца с ЁЖИКОМ', '<b>пицца</b>']);
    expect(await names('products?search=ежик')).toEqual(['Пицца с ЁЖИКОМ']);
    expect(await names('products?limit=2')).toEqual(['Борщ', 'Мини-пицца']);
    expect(await names('products?search=суши')).toEqual([]);
  });

  it('of restaurants and categories come so where something is searched, else all by name', async () => {
    expect(await names('restaurants?search=елк')).toEqual(['Ёлки']);
    expect(await names('restaurants')).toEqual(['Ёлки', 'Иголки', 'Палки']);
    expect(await names('categories?search=x')).toEqual([]);
  });

  it('have a key that a rule takes', async () => {
    const [found] = await answer<{ id: string }[]>('GET /api/products?search=борщ', { token: '' });
    const [{ key }] = (await rows<{ key: string }>(`SELECT k('h_product', 'd2') AS key`)) as [
      { key: string },
    ];
    expect(found).toEqual({ id: key, name: 'Борщ' });
  });

  it('are refused with a wrong limit', async () => {
    expect(await refusal('GET /api/products?limit=101')).toEqual([
      400,
      'limit must be a whole number from 1 to 100, got 101',
    ]);
  });
});
