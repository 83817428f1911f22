import SwaggerParser from '@apidevtools/swagger-parser';
import { parse } from 'csv-parse/sync';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { roles, type Role } from '@app/contracts/api-roles';
import { Pipeline } from './harness/pipeline';
import { runTool } from './harness/run-tool';
import type { ServiceProcess } from './harness/service-process';

/*
 * The API of cdm over a ledger of 6,000 users that is written here by SQL, together with the tags that its rules give,
 * so that there is nothing left to evaluate. What a preview should say is asked of the same tables by plain SQL.
 */
const pipeline = new Pipeline(inject('stack'));
const TOKEN = 'the token of this test';
const USERS = 6_000;

let api: ServiceProcess;
let failed = true;

beforeAll(async () => {
  await pipeline.prepare();
  await pipeline.database.pool.query(marts);
  api = pipeline.replica('cdm', { API_TOKEN: TOKEN });
  await api.start();
  failed = false;
});
beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    failed = true;
    console.error(pipeline.tails());
  });
});
afterAll(() => pipeline.remove({ keepLogs: failed }));

const rows = <Row extends object>(text: string, values?: unknown[]) =>
  pipeline.database.rows<Row>(text, values);

/** Dishes, users, their orders of the last two months, four rules, and the tags that these give. */
const marts = /* sql */ `
  CREATE FUNCTION k(hub text, business_key text) RETURNS uuid LANGUAGE sql AS $$ SELECT dds.hash_key(hub, business_key) $$;

  INSERT INTO cdm.product_names (product_id, product_name, valid_from)
  SELECT k('h_product', id), name, '2024-01-01'
  FROM (VALUES ('d0', 'ПИЦЦЕТТА С ЁЖИКОМ'), ('d1', 'Мини-пицца'), ('d2', 'Борщ')) dish (id, name);

  INSERT INTO cdm.users (user_id, source_user_id)
  SELECT k('h_user', 'user' || n), 'user' || n FROM generate_series(1, ${USERS}) n;

  INSERT INTO cdm.order_versions (order_id, object_id, order_version, user_id, restaurant_id, status, order_dt, cost, payment,
    product_ids, category_ids, quantities, amounts)
  SELECT k('h_order', (n * 10 + i)::text), n * 10 + i, '1', k('h_user', 'user' || n), k('h_restaurant', 'r' || (n + i) % 2),
    CASE WHEN (n + i) % 11 = 0 THEN 'CANCELLED' ELSE 'CLOSED' END,
    date_trunc('second', now() AT TIME ZONE 'UTC') - make_interval(days => (n * 7 + i * 13) % 60, hours => 12), 100, 100,
    -- Every fourth user has both kinds of pizza in an order: it is still one order.
    CASE WHEN n % 4 = 0 THEN ARRAY[k('h_product', 'd0'), k('h_product', 'd1')] ELSE ARRAY[k('h_product', 'd' || (n + i) % 3)] END,
    CASE WHEN n % 4 = 0 THEN ARRAY[k('h_category', 'Выпечка'), k('h_category', 'Выпечка')]
      ELSE ARRAY[k('h_category', CASE (n + i) % 3 WHEN 2 THEN 'Супы' ELSE 'Выпечка' END)] END,
    CASE WHEN n % 4 = 0 THEN '{1,2}' ELSE '{3}' END::numeric[], CASE WHEN n % 4 = 0 THEN '{30.5,70}' ELSE '{100}' END::numeric[]
  FROM generate_series(1, ${USERS}) n CROSS JOIN generate_series(0, n % 6) i;

  -- What orders the users have of what: a line a dish.
  CREATE VIEW closed_lines AS
  SELECT user_id, order_id, restaurant_id, order_dt, product_name AS dish, line.product_id, line.category_id, quantity, amount
  FROM cdm.order_versions
  CROSS JOIN LATERAL unnest(product_ids, category_ids, quantities, amounts) AS line (product_id, category_id, quantity, amount)
  JOIN cdm.product_names USING (product_id)
  WHERE status = 'CLOSED';

  INSERT INTO cdm.tag_rules (id, tag, conditions, enabled, created_by)
  SELECT id::uuid, tag, jsonb_build_object('all_of', jsonb_build_array(
    jsonb_build_object('count', 'orders', 'match', match, 'at_least', least))), enabled, 'test'
  FROM (VALUES
    ('00000000-0000-4000-8000-00000000000a', 'любит пиццу', '{"product_pattern":"ПиЦц"}'::jsonb, 2, true),
    ('00000000-0000-4000-8000-00000000000b', 'любит пиццу', '{"category":"Выпечка"}', 4, true),
    ('00000000-0000-4000-8000-00000000000c', 'regular/r1', '{"restaurant_id":"r1"}', 1, true),
    ('00000000-0000-4000-8000-00000000000d', 'soup', '{"product_id":"d2"}', 1, false)
  ) AS rule (id, tag, match, least, enabled);

  INSERT INTO cdm.user_tags (user_id, tag, order_cnt, since)
  SELECT user_id, 'любит пиццу', count(DISTINCT order_id), now() FROM closed_lines
  WHERE dish <> 'Борщ' GROUP BY user_id HAVING count(DISTINCT order_id) >= 2
  UNION ALL
  SELECT user_id, 'regular/r1', count(DISTINCT order_id), now() FROM closed_lines
  WHERE restaurant_id = k('h_restaurant', 'r1') GROUP BY user_id`;

const pizza = '00000000-0000-4000-8000-00000000000a';
const baked = '00000000-0000-4000-8000-00000000000b';
const regular = '00000000-0000-4000-8000-00000000000c';
const soup = '00000000-0000-4000-8000-00000000000d';
const unknown = '00000000-0000-4000-8000-00000000000f';

interface Asked {
  body?: unknown;
  /** The body as it is sent. */
  text?: string;
  token?: string;
  headers?: Record<string, string>;
  of?: ServiceProcess;
}

/** `GET /api/tag-rules`, with the token by default. */
function ask(route: string, { body, text, token = TOKEN, headers, of = api }: Asked = {}): Promise<Response> {
  const [method, path] = route.split(' ') as [string, string];
  return fetch(`${of.url}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...((body !== undefined || text !== undefined) && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: text ?? (body === undefined ? undefined : JSON.stringify(body)),
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

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { field: string; message: string }[];
  request_id: string;
}

/** @throws where the answer is no problem of that status */
async function problem(status: number, route: string, asked?: Asked): Promise<Problem> {
  const response = await ask(route, asked);
  const text = await response.text();
  expect([response.status, response.headers.get('content-type'), text]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
    expect.any(String),
  ]);
  const said = JSON.parse(text) as Problem;
  const request_id = response.headers.get('x-request-id');
  expect(said).toMatchObject({ title: response.statusText, status, request_id });
  expect(said.type).toBe(said.errors ? 'urn:order-vault:invalid-input' : 'about:blank');
  return said;
}

const protectedRoutes = [
  'GET /api/tag-rules',
  'POST /api/tag-rules',
  `GET /api/tag-rules/${pizza}`,
  `PUT /api/tag-rules/${pizza}`,
  `DELETE /api/tag-rules/${pizza}`,
  'POST /api/tag-rules/backtest',
  'POST /api/tag-rules/preview',
  'GET /api/users/user1/tags',
  'GET /api/tags/regular%2Fr1/users',
];

describe('the token', () => {
  const rule = { tag: 'soup', match: { category: 'Супы' }, min_orders: 1 };
  const bodyOf = (route: string) => (/^(POST|PUT)/.test(route) ? rule : undefined);

  it.each(protectedRoutes)('is needed for %s', async (route) => {
    const before = await rows('SELECT * FROM cdm.tag_rules ORDER BY id');
    for (const [headers, challenge] of [
      [{}, 'Bearer'],
      [{ authorization: `Basic ${TOKEN}` }, 'Bearer'],
      [{ authorization: 'Bearer wrong' }, 'Bearer error="invalid_token"'],
      [{ authorization: `Bearer ${TOKEN}x` }, 'Bearer error="invalid_token"'],
    ] as [Record<string, string>, string][]) {
      const response = await ask(route, { body: bodyOf(route), token: '', headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(challenge);
      expect(await response.text()).not.toMatch(/user\d|пицц|soup|regular/);
    }
    expect(await rows('SELECT * FROM cdm.tag_rules ORDER BY id')).toEqual(before);
  });

  it('that is not configured opens nothing, and the answer says why', async () => {
    const closed = pipeline.service('cdm');
    await closed.start();
    for (const route of protectedRoutes) {
      for (const token of ['', TOKEN]) {
        const { detail } = await problem(503, route, { body: bodyOf(route), token, of: closed });
        expect(detail).toContain('API_TOKEN is not set, and API_USERS is neither');
      }
    }
    expect((await ask('GET /api/openapi.json', { token: '', of: closed })).status).toBe(200);
    await closed.stop();
  });
});

describe('the token of a user', () => {
  const rule = { tag: 'soup', match: { category: 'Супы' }, min_orders: 1_000_000 };
  const tokens = {} as Record<Role, string>;
  let users: string;
  let of: ServiceProcess;

  beforeAll(async () => {
    users = join(pipeline.logs, 'api-users');
    for (const role of roles) {
      const made = await runTool('api-user', [`Olga the ${role}`, '--role', role], {});
      appendFileSync(users, made.stdout);
      tokens[role] = /: (\S+)\s*$/.exec(made.stderr)![1]!;
    }
    of = pipeline.replica('cdm', { API_USERS: users });
    await of.start();
    return () => of.stop();
  });

  it('opens what the role may, and nothing else', async () => {
    const opened: Record<Role, string[]> = {
      viewer: [
        'GET /api/tag-rules',
        `GET /api/tag-rules/${pizza}`,
        'POST /api/tag-rules/backtest',
        'POST /api/tag-rules/preview',
      ],
      analyst: ['GET /api/users/user1/tags', 'GET /api/tags/regular%2Fr1/users'],
      editor: ['POST /api/tag-rules', `PUT /api/tag-rules/${soup}`, `DELETE /api/tag-rules/${unknown}`],
      operator: [],
    };
    expect(Object.values(opened).flat().toSorted()).toEqual(
      protectedRoutes
        .map((route) =>
          route.startsWith('DELETE')
            ? `DELETE /api/tag-rules/${unknown}`
            : route.startsWith('PUT')
              ? `PUT /api/tag-rules/${soup}`
              : route,
        )
        .toSorted(),
    );
    for (const [needed, routes] of Object.entries(opened) as [Role, string[]][]) {
      for (const role of roles) {
        const may = roles.indexOf(role) >= roles.indexOf(needed);
        for (const route of routes) {
          const body = route.startsWith('P') ? { ...rule, enabled: false } : undefined;
          const response = await ask(route, { token: tokens[role], of, body });
          const refused = `this route needs the role ${needed}; Olga the ${role} is ${role}`;
          expect([route, role, response.status === 403, (await response.text()).includes(refused)]).toEqual([
            route,
            role,
            !may,
            !may,
          ]);
          expect(response.headers.get('www-authenticate')).toBe(
            may ? null : 'Bearer error="insufficient_scope"',
          );
        }
      }
    }
    await rows('DELETE FROM cdm.tag_rules WHERE created_by LIKE $1', ['Olga%']);
  });

  it('shows persons to an analyst, and to a viewer only how many they are', async () => {
    const preview = (role: Role) =>
      answer<{ matching: number; sample: unknown[] }>('POST /api/tag-rules/preview', {
        body: { ...rule, min_orders: 1 },
        token: tokens[role],
        of,
      });
    const [seen, hidden] = await Promise.all([preview('analyst'), preview('viewer')]);
    expect(seen.sample).toHaveLength(10);
    expect(hidden).toEqual({ ...seen, sample: [] });
  });

  it('says who made a rule, whatever the body says, and a change leaves it so', async () => {
    const created = await answer<{ id: string }>('POST /api/tag-rules', {
      body: { ...rule, created_by: 'the boss' },
      token: tokens.editor,
      of,
    });
    expect(created).toMatchObject({ created_by: 'Olga the editor' });
    const route = `PUT /api/tag-rules/${created.id}`;
    const changed = { ...rule, created_by: 'the boss', min_orders: 999_999 };
    expect(await answer(route, { body: changed, token: tokens.editor, of })).toMatchObject({
      min_orders: 999_999,
      created_by: 'Olga the editor',
    });
    await rows('DELETE FROM cdm.tag_rules WHERE id = $1', [created.id]);
  });

  it("is refused when it is nobody's, and as soon as its line is gone", async () => {
    const asked = { token: tokens.viewer, of };
    expect((await problem(401, 'GET /api/tag-rules', { ...asked, token: TOKEN })).detail).toBe(
      'no user of the API has this token',
    );
    expect((await ask('GET /api/tag-rules', asked)).status).toBe(200);
    const lines = readFileSync(users, 'utf8').split('\n');
    writeFileSync(users, lines.filter((line) => !line.includes(':viewer:')).join('\n'));
    await expect.poll(async () => (await ask('GET /api/tag-rules', asked)).status).toBe(401);
    expect((await ask('GET /api/tag-rules', { ...asked, token: tokens.analyst })).status).toBe(200);
  });
});

describe('rules', () => {
  interface Rule {
    id: string;
    created_at: string;
    evaluation: string;
  }
  /** Nobody reaches it. */
  const rule = { tag: 'живёт на крыше', match: { category: 'Крыши' }, min_orders: 1_000_000 };

  it('are created, read, changed and deleted', async () => {
    const created = await ask('POST /api/tag-rules', { body: rule });
    expect(created.status).toBe(201);
    const stored = (await created.json()) as Rule;
    expect(created.headers.get('location')).toBe(`/api/tag-rules/${stored.id}`);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const { id, created_at } = stored;
    const conditions = { all_of: [{ count: 'orders', match: rule.match, at_least: rule.min_orders }] };
    expect(stored).toEqual({
      id,
      ...rule,
      conditions,
      enabled: true,
      created_by: 'api',
      created_at,
      changed_by: 'api',
      changed_at: created_at,
      evaluation: 'pending',
    });
    expect(Math.abs(Date.parse(created_at) - Date.now())).toBeLessThan(60_000);
    expect(await answer(`GET /api/tag-rules/${id}`)).toMatchObject({ id, ...rule });

    const change = { tag: 'крыши', match: { product_pattern: 'КРЫШ' }, min_orders: 999_999, window_days: 30 };
    const changed = await answer<Rule>(`PUT /api/tag-rules/${id}`, { body: { ...change, enabled: false } });
    expect(changed).toMatchObject({ id, ...change, enabled: false, created_by: 'api', created_at });
    expect(await rows('SELECT * FROM cdm.tag_rules WHERE id = $1', [id])).toEqual([
      {
        id,
        tag: 'крыши',
        conditions: {
          all_of: [{ count: 'orders', match: { product_pattern: 'КРЫШ' }, at_least: 999_999, last_days: 30 }],
        },
        enabled: false,
        created_by: 'api',
        created_at: new Date(created_at),
      },
    ]);

    const deleted = await ask(`DELETE /api/tag-rules/${id}`);
    expect([deleted.status, await deleted.text()]).toEqual([204, '']);
    expect((await ask(`GET /api/tag-rules/${id}`)).status).toBe(404);
    expect(await rows('SELECT * FROM cdm.tag_rules WHERE id = $1', [id])).toEqual([]);
  });

  it('come back as they were read, and nothing changes', async () => {
    const before = await answer<Rule>(`GET /api/tag-rules/${soup}`);
    const { evaluation: _, ...same } = await answer<Rule>(`PUT /api/tag-rules/${soup}`, {
      body: { ...before, id: unknown, created_at: '2001-01-01' },
    });
    expect(before).toMatchObject(same);
  });

  it('have conditions, which come back as they were read, and the old form only where that can say them', async () => {
    const conditions = {
      all_of: [
        { count: 'orders', match: { product_pattern: ['КРЫШ', 'крыш'] }, at_least: 999_999 },
        {
          any_of: [
            { not: true, count: 'money', at_least: 0.00001, last_days: 30 },
            { count: 'first_order', from: '2020-02-29' },
          ],
        },
      ],
    };
    const body = { tag: rule.tag, conditions };
    const stored = await answer<Rule & { conditions: unknown }>('POST /api/tag-rules', { body });
    expect(stored).toMatchObject(body);
    expect(stored).not.toHaveProperty('match');
    const again = await answer<Rule>(`PUT /api/tag-rules/${stored.id}`, { body: stored });
    expect(again).toEqual({ ...stored, evaluation: again.evaluation });
    await ask(`DELETE /api/tag-rules/${stored.id}`);
  });

  it('are refused by the path of the field in their conditions, also by SQL', async () => {
    const condition = { count: 'orders', match: { category: 'Супы' }, at_least: 1 };
    const bad = {
      all_of: [condition, { any_of: [condition, { ...condition, at_least: 0, last_days: 'x' }] }],
    };
    const { errors } = await problem(400, 'POST /api/tag-rules', { body: { tag: '', conditions: bad } });
    expect(errors!.map(({ field }) => field).sort()).toEqual([
      'conditions.all_of.1.any_of.1.at_least',
      'conditions.all_of.1.any_of.1.last_days',
      'tag',
    ]);
    const both = {
      tag: 'soup',
      conditions: { all_of: [condition] },
      match: { category: 'Чай' },
      min_orders: 1,
      window_days: 3,
    };
    expect((await problem(400, 'POST /api/tag-rules', { body: both })).errors).toEqual([
      { field: 'match', message: 'must say the same as conditions, got {"category":"Чай"}' },
      { field: 'window_days', message: 'must say the same as conditions, got 3' },
    ]);
    const insert = `INSERT INTO cdm.tag_rules (tag, conditions) VALUES ('soup', $1)`;
    for (const conditions of [bad, {}, [], { all_of: [] }, { all_of: [{ count: 'dishes', at_least: 1 }] }]) {
      await expect(rows(insert, [JSON.stringify(conditions)])).rejects.toThrow('tag_rules_conditions_check');
    }
  });

  it('are listed, the oldest first', async () => {
    const { id } = await answer<Rule>('POST /api/tag-rules', { body: { ...rule, created_by: 'Ольга' } });
    const list = await answer<Rule[]>('GET /api/tag-rules');
    expect(list.map((listed) => listed.id)).toEqual([pizza, baked, regular, soup, id]);
    expect(list[0]).toMatchObject({
      tag: 'любит пиццу',
      match: { product_pattern: 'ПиЦц' },
      min_orders: 2,
      enabled: true,
      created_by: 'test',
    });
    expect(list[4]).toMatchObject({ created_by: 'Ольга' });
    await ask(`DELETE /api/tag-rules/${id}`);
  });

  it('say whether they are still evaluated', async () => {
    const { id } = await answer<Rule>('POST /api/tag-rules', { body: { ...rule, enabled: false } });
    await rows('DELETE FROM cdm.tag_evaluations WHERE rule_id = $1', [id]);
    expect(await answer(`GET /api/tag-rules/${id}`)).toMatchObject({ evaluation: 'done' });
    await ask(`DELETE /api/tag-rules/${id}`);
  });

  it.each(['GET', 'PUT', 'DELETE'])('that are not there cannot be asked for: %s', async (method) => {
    const body = method === 'PUT' ? rule : undefined;
    expect(await problem(404, `${method} /api/tag-rules/${unknown}`, { body })).toMatchObject({
      detail: 'there is no rule with this id',
    });
    expect((await problem(400, `${method} /api/tag-rules/17`, { body })).errors).toEqual([
      { field: 'id', message: 'must be a UUID, got "17"' },
    ]);
  });

  it.each(['POST /api/tag-rules', `PUT /api/tag-rules/${soup}`, 'POST /api/tag-rules/preview'])(
    'are refused field by field: %s',
    async (route) => {
      const before = await rows('SELECT * FROM cdm.tag_rules ORDER BY id');
      const body = { tag: 'a\0b', match: { category: 'x', product_id: 'y' }, min_orders: 0, minimum: 1 };
      const { errors, detail } = await problem(400, route, { body });
      expect(errors!.map(({ field }) => field).sort()).toEqual(['match', 'min_orders', 'minimum', 'tag']);
      for (const { field, message } of errors!) {
        expect(detail).toContain(`${field} ${message}`);
      }
      expect(errors).toContainEqual({
        field: 'min_orders',
        message: 'must be a whole number from 1 to 1000000, got 0',
      });
      expect(await rows('SELECT * FROM cdm.tag_rules ORDER BY id')).toEqual(before);
    },
  );
});

describe('a body', () => {
  it.each([
    ['is no JSON', '{"tag":', 400, 'the body is no valid JSON'],
    ['is no object', '17', 400, 'the body is no valid JSON'],
    [
      'is nested deeply',
      '['.repeat(50_000) + ']'.repeat(50_000),
      400,
      'the body is nested deeper than 100 levels',
    ],
    ['is a list', '[]', 400, 'tag is missing'],
    ['is empty', '', 400, 'tag is missing'],
    ['is too large', JSON.stringify({ tag: 'x'.repeat(102_400) }), 413, 'too large'],
  ])('that %s is refused', async (_, text, status, detail) => {
    expect((await problem(status, 'POST /api/tag-rules', { text })).detail).toContain(detail);
  });

  it('is JSON, whatever its Content-Type', async () => {
    const headers = { 'content-type': 'text/plain' };
    const body = { tag: 't', match: { category: 'Крыши' }, min_orders: 0 };
    const { errors } = await problem(400, 'POST /api/tag-rules', { body, headers });
    expect(errors!.map(({ field }) => field)).toEqual(['min_orders']);
  });
});

describe('a preview', () => {
  interface Preview {
    matching: number;
    assigned: number;
    revoked: number;
    sample: { source_user_id: string; user_id: string; order_cnt: number }[];
    histogram?: { bars: { from: number; to: number; users: number }[] };
  }
  const preview = (body: object) => answer<Preview>('POST /api/tag-rules/preview', { body });

  /** Counts by user of the orders with a line of which the condition holds, where they reach a number. */
  async function reached(condition: string, least: number): Promise<Map<string, number>> {
    const counted = await rows<{ user_id: string; n: number }>(
      `SELECT user_id, count(DISTINCT order_id)::integer AS n FROM closed_lines WHERE ${condition}
       GROUP BY user_id HAVING count(DISTINCT order_id) >= ${least}`,
    );
    return new Map(counted.map(({ user_id, n }) => [user_id, n]));
  }
  async function holders(tag: string): Promise<Set<string>> {
    const held = await rows<{ user_id: string }>('SELECT user_id FROM cdm.user_tags WHERE tag = $1', [tag]);
    return new Set(held.map(({ user_id }) => user_id));
  }
  const isPizza = `dish <> 'Борщ'`;
  const isBaked = `category_id = k('h_category', 'Выпечка')`;
  const isSoup = `category_id = k('h_category', 'Супы')`;

  /**
   * What a preview should say of a rule, by those who reach it and those who keep the tag of the replaced rule by
   * others.
   */
  async function expected(
    reaching: Map<string, number>,
    tag: string,
    replaced?: { tag: string; others?: Map<string, number>; keepsTag: boolean },
  ) {
    const held = await holders(tag);
    const losing = replaced
      ? [...(await holders(replaced.tag))].filter(
          (user) => !replaced.others?.has(user) && !(replaced.keepsTag && reaching.has(user)),
        )
      : [];
    return {
      matching: reaching.size,
      assigned: [...reaching.keys()].filter((user) => !held.has(user)).length,
      revoked: losing.length,
    };
  }

  it('of a new rule counts who reaches it, and shows some of them', async () => {
    const reaching = await reached(isSoup, 2);
    const { sample, ...figures } = await preview({ tag: 'soup', match: { category: 'Супы' }, min_orders: 2 });
    expect(figures).toEqual(await expected(reaching, 'soup'));
    expect(figures.assigned).toBeGreaterThan(100);
    expect(sample).toHaveLength(10);
    const most = [...reaching.values()].sort((a, b) => b - a).slice(0, 10);
    expect(sample.map(({ order_cnt }) => order_cnt)).toEqual(most);
    for (const { user_id, source_user_id, order_cnt } of sample) {
      expect(reaching.get(user_id)).toBe(order_cnt);
      expect(await rows('SELECT user_id FROM cdm.users WHERE source_user_id = $1', [source_user_id])).toEqual(
        [{ user_id }],
      );
    }
  });

  it('of a pattern takes dishes by their newest name, ignoring case, ё as е', async () => {
    const least = await preview({ tag: 'любит пиццу', match: { product_pattern: 'ПИЦЦ' }, min_orders: 1 });
    expect(least).toMatchObject(await expected(await reached(isPizza, 1), 'любит пиццу'));
    expect(least.matching).toBeGreaterThan(least.assigned);
    // Those without the tag come first.
    const held = await holders('любит пиццу');
    expect(least.sample.filter(({ user_id }) => held.has(user_id))).toEqual([]);
    const hedgehog = await preview({ tag: 'ёж', match: { product_pattern: 'с ежик' }, min_orders: 1 });
    expect(hedgehog).toMatchObject(await expected(await reached(`dish LIKE 'ПИЦЦЕТТА%'`, 1), 'ёж'));
  });

  it('takes a dish and a restaurant by source id and by hash key', async () => {
    const [keys] = await rows<{ dish: string }>(`SELECT upper(k('h_product', 'd2')::text) AS dish`);
    const figures = await expected(await reached(`dish = 'Борщ'`, 1), 'soup');
    for (const product_id of ['d2', keys!.dish]) {
      expect(await preview({ tag: 'soup', match: { product_id }, min_orders: 1 })).toMatchObject(figures);
    }
    expect(await preview({ tag: 'regular/r0', match: { restaurant_id: 'r0' }, min_orders: 3 })).toMatchObject(
      await expected(await reached(`restaurant_id = k('h_restaurant', 'r0')`, 3), 'regular/r0'),
    );
  });

  it('of a window counts only the orders in it', async () => {
    const body = { tag: 'soup', match: { category: 'Супы' }, min_orders: 1, window_days: 10 };
    const inWindow = `${isSoup} AND order_dt > now() AT TIME ZONE 'UTC' - interval '10 days'`;
    const figures = await expected(await reached(inWindow, 1), 'soup');
    expect(await preview(body)).toMatchObject(figures);
    expect(figures.matching).toBeLessThan((await reached(isSoup, 1)).size);
  });

  const lapsed = {
    all_of: [
      { count: 'items', match: { product_id: ['d0', 'd1'] }, at_least: 2 },
      { not: true, count: 'orders', match: { product_pattern: 'пицц' }, at_least: 1, last_days: 20 },
    ],
  };

  it('of conditions counts as the ledger does', async () => {
    const items = `SELECT user_id FROM closed_lines WHERE ${isPizza} GROUP BY user_id HAVING sum(quantity) >= 2`;
    const recent = `SELECT user_id FROM closed_lines WHERE ${isPizza} AND order_dt > now() AT TIME ZONE 'UTC' - interval '20 days'`;
    const members = await rows(`${items} EXCEPT ${recent}`);
    expect(members.length).toBeGreaterThan(100);
    const body = { tag: 'lapsed', conditions: lapsed };
    expect(await preview(body)).toMatchObject({ matching: members.length, assigned: members.length });
    const none = await rows(
      `SELECT user_id FROM cdm.users EXCEPT SELECT user_id FROM closed_lines WHERE ${isSoup}`,
    );
    const without = { all_of: [{ count: 'orders', match: { category: 'Супы' }, at_most: 0 }] };
    expect(await preview({ tag: 'no soup', conditions: without })).toMatchObject({ matching: none.length });
  });

  it('shows guests by the number of a condition', async () => {
    const body = { tag: 'lapsed', conditions: lapsed, histogram_of: 'all_of.0' };
    const { histogram } = await preview(body);
    const counted = await rows<{ items: number }>(
      `SELECT sum(quantity)::integer AS items FROM closed_lines WHERE ${isPizza} GROUP BY user_id`,
    );
    expect(histogram!.bars.length).toBeGreaterThan(3);
    for (const { from, to, users } of histogram!.bars) {
      expect(users).toBe(counted.filter(({ items }) => items >= from && items <= to).length);
    }
    const { errors } = await problem(400, 'POST /api/tag-rules/preview', {
      body: { ...body, histogram_of: 'all_of.2' },
    });
    expect(errors).toEqual([
      {
        field: 'histogram_of',
        message: 'must be the path of a condition that counts orders, items, money or days, got "all_of.2"',
      },
    ]);
    const old = { tag: 'soup', match: { category: 'Супы' }, min_orders: 1, histogram_of: 'all_of.0' };
    expect((await preview(old)).histogram!.bars.reduce((sum, { users }) => sum + users, 0)).toBe(
      (await reached(isSoup, 1)).size,
    );
  });

  it('of a changed rule counts who loses the tag, and another rule may keep it', async () => {
    const others = await reached(isBaked, 4);
    const reaching = await reached(isPizza, 3);
    const stricter = await preview({
      id: pizza,
      tag: 'любит пиццу',
      match: { product_pattern: 'пицц' },
      min_orders: 3,
    });
    expect(stricter).toMatchObject(
      await expected(reaching, 'любит пиццу', { tag: 'любит пиццу', others, keepsTag: true }),
    );
    expect(stricter.revoked).toBeGreaterThan(0);

    const gone = await preview({
      id: pizza.toUpperCase(),
      tag: 'любит пиццу',
      match: { product_pattern: 'такой нет' },
      min_orders: 1,
    });
    expect(gone).toEqual({
      ...(await expected(new Map(), 'любит пиццу', { tag: 'любит пиццу', others, keepsTag: true })),
      sample: [],
    });
    expect((await holders('любит пиццу')).size - gone.revoked).toBe(others.size);
  });

  it('of a disabled rule assigns nothing', async () => {
    const others = await reached(isBaked, 4);
    const body = { id: pizza, tag: 'любит пиццу', match: { product_pattern: 'пицц' }, min_orders: 2 };
    const figures = await expected(await reached(isPizza, 2), 'любит пиццу', {
      tag: 'любит пиццу',
      others,
      keepsTag: false,
    });
    expect(await preview({ ...body, enabled: false })).toMatchObject({ ...figures, assigned: 0 });
    expect(figures.revoked).toBeGreaterThan(0);
  });

  it('of a rule with another tag revokes the old one', async () => {
    const reaching = await reached(`restaurant_id = k('h_restaurant', 'r1')`, 1);
    const body = { id: regular, tag: 'guest of r1', match: { restaurant_id: 'r1' }, min_orders: 1 };
    const figures = await expected(reaching, 'guest of r1', { tag: 'regular/r1', keepsTag: false });
    expect(await preview(body)).toMatchObject(figures);
    expect(figures.revoked).toBe(reaching.size);
    expect(figures.assigned).toBe(reaching.size);
  });

  it('of a rule that was disabled revokes nothing', async () => {
    const body = { id: soup, tag: 'soup', match: { product_id: 'd2' }, min_orders: 1 };
    expect(await preview(body)).toMatchObject(await expected(await reached(`dish = 'Борщ'`, 1), 'soup'));
  });

  it('needs the rule that it would replace', async () => {
    const body = { id: unknown, tag: 'soup', match: { category: 'Супы' }, min_orders: 1 };
    expect((await problem(404, 'POST /api/tag-rules/preview', { body })).detail).toBe(
      'there is no rule with this id',
    );
  });

  it('saves nothing', async () => {
    const before = await rows('SELECT * FROM cdm.tag_rules ORDER BY id');
    const [tags] = await rows('SELECT count(*), max(xmin::text::bigint) FROM cdm.user_tags');
    await preview({ id: pizza, tag: 'x', match: { category: 'Супы' }, min_orders: 1 });
    expect(await rows('SELECT * FROM cdm.tag_rules ORDER BY id')).toEqual(before);
    expect(await rows('SELECT count(*), max(xmin::text::bigint) FROM cdm.user_tags')).toEqual([tags]);
  });
});

describe('tags of a user', () => {
  it('are those that they hold', async () => {
    const [{ source_user_id, user_id }] = (await rows<{ source_user_id: string; user_id: string }>(
      `SELECT source_user_id, user_id FROM cdm.users JOIN cdm.user_tags USING (user_id)
       GROUP BY user_id HAVING count(*) = 2 ORDER BY user_id LIMIT 1`,
    )) as [{ source_user_id: string; user_id: string }];
    const held = await rows<{ tag: string; order_cnt: number; since: Date }>(
      'SELECT tag, order_cnt, since FROM cdm.user_tags WHERE user_id = $1 ORDER BY tag COLLATE "C"',
      [user_id],
    );
    const response = await ask(`GET /api/users/${source_user_id}/tags`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(
      held.map(({ since, ...rest }) => ({ ...rest, since: since.toISOString() })),
    );
  });

  it('are none where they hold none', async () => {
    const [user] = await rows<{ source_user_id: string }>(
      `SELECT source_user_id FROM cdm.users LEFT JOIN cdm.user_tags USING (user_id) WHERE tag IS NULL LIMIT 1`,
    );
    expect(await answer(`GET /api/users/${user!.source_user_id}/tags`)).toEqual([]);
  });

  it('are not known of a user without orders', async () => {
    expect((await problem(404, 'GET /api/users/nobody/tags')).detail).toBe(
      'no order of such a user is known',
    );
    expect((await problem(400, 'GET /api/users/a%00b/tags')).errors).toMatchObject([
      { field: 'source_user_id' },
    ]);
    await problem(400, 'GET /api/users/%FF/tags');
  });
});

describe('users of a tag', () => {
  interface Page {
    users: { user_id: string }[];
    next: string | null;
  }
  const route = `GET /api/tags/${encodeURIComponent('regular/r1')}/users`;
  const csv = { headers: { accept: 'text/csv' } };
  let all: {
    source_user_id: string;
    user_id: string;
    order_cnt: number;
    since: string;
    last_order_at: string;
  }[];

  beforeAll(async () => {
    const held = await rows<{ since: Date }>(
      `SELECT source_user_id, user_id, order_cnt, since, (SELECT max(order_dt) FROM cdm.order_versions placed
         WHERE placed.user_id = cdm.users.user_id AND status = 'CLOSED'
           AND restaurant_id = k('h_restaurant', 'r1')) AS last_order_at
       FROM cdm.user_tags JOIN cdm.users USING (user_id) WHERE tag = 'regular/r1' ORDER BY user_id`,
    );
    all = held.map((user) => ({ ...user, since: user.since.toISOString() })) as typeof all;
  });

  it('come in pages, each user once', async () => {
    expect(all.length).toBeGreaterThan(3_000);
    const first = await answer<Page>(route);
    expect(first).toEqual({ users: all.slice(0, 20), next: all[19]!.user_id, count: all.length });
    const seen: unknown[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Page = await answer(`${route}?limit=700${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.users);
      cursor = page.next;
      pages += 1;
    } while (cursor !== null);
    expect(seen).toEqual(all);
    expect(pages).toBe(Math.ceil(all.length / 700));
  });

  it('end with a page that is full', async () => {
    const cursor = all.at(-6)!.user_id;
    expect(await answer(`${route}?limit=5&cursor=${cursor}`)).toEqual({
      users: all.slice(-5),
      next: null,
      count: all.length,
    });
  });

  it('are none of a tag that nobody holds', async () => {
    expect(await answer('GET /api/tags/nothing/users')).toEqual({ users: [], next: null, count: 0 });
    const empty = await ask('GET /api/tags/nothing/users', csv);
    expect(await empty.text()).toBe('source_user_id,user_id,order_cnt,since\n');
  });

  it('come as CSV, all of them', async () => {
    const response = await ask(route, csv);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept, Accept-Language');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const users = parse<Record<string, string>>(await response.text(), { columns: true });
    expect(users).toEqual(
      all.map(({ last_order_at: _last, ...user }) => ({ ...user, order_cnt: String(user.order_cnt) })),
    );
  });

  it('come as JSON or CSV, as the client prefers, and as nothing else', async () => {
    for (const [accept, type] of [
      ['*/*', 'application/json; charset=utf-8'],
      ['text/csv;q=0.5, application/json', 'application/json; charset=utf-8'],
      ['text/html, text/csv', 'text/csv; charset=utf-8'],
    ]) {
      const response = await ask(route, { headers: { accept: accept! } });
      expect([accept, response.headers.get('content-type')]).toEqual([accept, type]);
      await response.body!.cancel();
    }
    await problem(406, route, { headers: { accept: 'image/png' } });
  });

  it('are refused with a field that is wrong', async () => {
    const { errors } = await problem(400, `${route}?limit=1001&cursor=x&page=2`);
    expect(errors!.map(({ field, message }) => `${field} ${message}`).sort()).toEqual([
      'cursor must be a UUID, got "x"',
      'limit must be a whole number from 1 to 1000, got 1001',
      'page is not a known field, got "2"',
    ]);
    expect((await problem(400, 'GET /api/tags/a%00/users')).errors).toMatchObject([{ field: 'tag' }]);
  });
});

describe('the description', () => {
  interface Description {
    paths: Record<string, Record<string, { security?: unknown; responses: Record<string, unknown> }>>;
  }

  it('is valid OpenAPI, and names every route', async () => {
    const description = await answer<Description>('GET /api/openapi.json', { token: '' });
    const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    await SwaggerParser.validate(structuredClone(description) as never);
    const open = [
      'GET /api/v1/audit',
      'GET /api/v1/categories',
      'GET /api/v1/orders',
      'GET /api/v1/pipeline',
      'GET /api/v1/popularity/categories',
      'GET /api/v1/popularity/products',
      'GET /api/v1/popularity/restaurants',
      'GET /api/v1/products',
      'GET /api/v1/restaurants',
      'GET /api/v1/stream',
      'GET /api/v1/summary',
      'GET /api/v1/tags',
      'GET /api/v1/timeline',
    ];
    const closed = [
      'GET /api/v1/audit/findings',
      'DELETE /api/v1/tag-rules/{id}',
      'DELETE /api/v1/webhooks/{id}',
      'GET /api/v1/caller',
      'GET /api/v1/dead-letters',
      'GET /api/v1/dead-letters/{topic}/{partition}/{offset}',
      'GET /api/v1/parked-orders',
      'GET /api/v1/parked-orders/{order_id}/{version}',
      'POST /api/v1/dead-letters/discard',
      'POST /api/v1/dead-letters/replay',
      'POST /api/v1/dead-letters/{topic}/{partition}/{offset}/discard',
      'POST /api/v1/dead-letters/{topic}/{partition}/{offset}/replay',
      'POST /api/v1/parked-orders/discard',
      'POST /api/v1/parked-orders/retry',
      'GET /api/v1/orders/{order_id}',
      'GET /api/v1/tag-rules',
      'GET /api/v1/tag-rules/history',
      'GET /api/v1/tag-rules/{id}',
      'GET /api/v1/tag-rules/{id}/history',
      'GET /api/v1/tags/overlap',
      'GET /api/v1/tags/overview',
      'GET /api/v1/tags/{tag}/users',
      'GET /api/v1/users/{source_user_id}/tags',
      'GET /api/v1/webhooks',
      'GET /api/v1/webhooks/{id}/failures',
      'POST /api/v1/tag-rules',
      'POST /api/v1/tag-rules/backtest',
      'POST /api/v1/tag-rules/preview',
      'POST /api/v1/tag-rules/{id}/history/{number}/undo',
      'POST /api/v1/webhooks',
      'POST /api/v1/webhooks/{id}/retry',
      'POST /api/v1/webhooks/{id}/test',
      'PUT /api/v1/tag-rules/{id}',
      'PUT /api/v1/webhooks/{id}',
    ];
    expect(routes.sort()).toEqual([...open, ...closed].sort());
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const [method, { security, responses }] of Object.entries(methods)) {
        if (open.includes(`${method.toUpperCase()} ${path}`)) {
          continue;
        }
        // Every other route is there, and behind the token, as described.
        const route = `${method.toUpperCase()} ${path.replaceAll(/\{.*?\}/g, pizza)}`;
        expect([route, security]).toEqual([route, [{ bearer: [] }]]);
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '429', '503']));
        await problem(401, route, { token: '' });
      }
    }
  });

  it('has a page that loads nothing from elsewhere and needs no inline script', async () => {
    const page = await ask('GET /api/docs', { token: '' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html.match(/<script(?![^>]*\ssrc=)/g)).toBeNull();
    expect(html.match(/\son\w+=/g)).toBeNull();
    const files = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, file]) => file!);
    expect(files).toContain('./docs/swagger-ui-bundle.js');
    for (const file of files) {
      expect(file).toMatch(/^\.\//);
      const response = await fetch(new URL(file, `${api.url}/api/docs`));
      expect([file, response.status]).toEqual([file, 200]);
      await response.body!.cancel();
    }
    const start = await (await ask('GET /api/docs/swagger-ui-init.js', { token: '' })).text();
    expect(start).toContain('"validatorUrl": null');
    expect(start).toContain('/api/v1/tag-rules/preview');
  });
});

describe('errors', () => {
  it('of unknown routes are problems under /api, and elsewhere what they were', async () => {
    await problem(404, 'GET /api/nothing');
    await problem(404, 'PATCH /api/tag-rules', { body: {} });
    const elsewhere = await ask('GET /apis');
    expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
    expect(await elsewhere.json()).toEqual({
      message: 'Cannot GET /apis',
      error: 'Not Found',
      statusCode: 404,
    });
  });

  it('of a statement that takes too long do not hold up the rest', async () => {
    const client = await pipeline.database.pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE cdm.user_tags IN ACCESS EXCLUSIVE MODE');
      const waiting = problem(503, 'GET /api/tags/soup/users');
      expect((await ask('GET /health/ready')).status).toBe(200);
      expect(await answer(`GET /api/tag-rules/${pizza}`)).toMatchObject({ id: pizza });
      expect((await waiting).detail).toBe('the database took too long for the answer');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('of a database that is down say so; health answers as ever', async () => {
    const alone = pipeline.replica('cdm', {
      API_TOKEN: TOKEN,
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
    });
    await alone.launch();
    while (!(await ask('GET /api/openapi.json', { of: alone }).catch(() => undefined))?.ok) {
      await sleep(100);
    }
    const { detail, request_id } = await problem(503, 'GET /api/tag-rules', { of: alone });
    expect(detail).toBe('the database is not available at the moment');
    await expect.poll(() => readFileSync(alone.log, 'utf8')).toContain(`"request_id":"${request_id}"`);
    const ready = await ask('GET /health/ready', { of: alone });
    expect([ready.status, ready.headers.get('content-type')]).toEqual([
      503,
      'application/json; charset=utf-8',
    ]);
    expect(await ready.json()).toMatchObject({ status: 'error', error: { postgresql: { status: 'down' } } });
    await alone.stop();
  });

  it('have the id of their request, in the log too', async () => {
    const idOf = async (given?: string) => {
      const headers = given === undefined ? undefined : { 'X-Request-Id': given };
      const response = await ask('GET /api/tag-rules/17', { headers });
      const { request_id } = (await response.json()) as Problem;
      expect(response.headers.get('x-request-id')).toBe(request_id);
      return request_id;
    };
    const plain = `req/42:${'a'.repeat(121)}`;
    expect(await idOf(plain)).toBe(plain);
    const made = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
    for (const given of [undefined, '', `${plain}a`, 'a b', '"quoted"', '{"level":"fatal"}', 'é']) {
      expect(await idOf(given)).toMatch(made);
    }
    expect((await ask('GET /api/caller')).headers.get('x-request-id')).toMatch(made);
  });

  it('of too many requests say how long to wait, and health and metrics know no limit', async () => {
    const body = { tag: 'nothing', match: { category: 'nothing' }, min_orders: 1 };
    const asked = await Promise.all(
      Array.from({ length: 241 }, () => ask('POST /api/tag-rules/preview', { body })),
    );
    const response = asked.find(({ status }) => status === 429)!;
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await response.json()).toMatchObject({
      title: 'Too Many Requests',
      status: 429,
      detail: `too many requests of this kind: ask again in ${response.headers.get('retry-after')} s`,
    });
    const open = await Promise.all(
      ['GET /health/live', 'GET /metrics'].flatMap((route) => Array.from({ length: 310 }, () => ask(route))),
    );
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await ask('GET /api/tag-rules')).status).toBe(200);
  });
});

describe('a stop', () => {
  it('does not wait for a client that never sends the rest of its request', async () => {
    const { hostname, port } = new URL(api.url);
    const client = connect(Number(port), hostname);
    client.on('error', () => {}); // it is broken off
    await once(client, 'connect');
    client.write('POST /api/tag-rules HTTP/1.1\r\nHost: cdm\r\nContent-Length: 100\r\n\r\n{"tag":');
    await sleep(500);
    const asked = Date.now();
    expect(await api.stop()).toBe(0);
    // Less than the grace time, after which the process would end with its consumer still in the group.
    expect(Date.now() - asked).toBeLessThan(10_000);
    client.destroy();
  });
});
