import { afterAll, beforeAll, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { Warehouse } from '@app/warehouse/warehouse';
import { listConditions, type Conditions } from '../apps/cdm/src/tags/conditions';
import { guestQuery, membersQuery } from '../apps/cdm/src/tags/members-query';
import { previewRule } from '../apps/cdm/src/tags/preview-rule';
import type { PreviewAnswer } from '../apps/cdm/src/tags/tag-rule.contract';
import { Random } from '../dev/orders/random';
import { drawSeed, isLong } from './history/seed';
import { townOf, type Menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { MirroredHistory } from './guarantees/orders/mirrored-history';
import { putRules } from './guarantees/tags/put-rules';
import { randomConditions, thingsOf } from './guarantees/tags/random-conditions';
import { eventually } from './harness/eventually';
import { usePipeline } from './harness/use-pipeline';
import type { ServiceProcess } from './harness/service-process';
import type { Rule } from './oracle/tags';

/*
 * Random rules over random orders: what a preview says, who holds the tag when all is evaluated, what one plain SQL
 * query over the ledger finds, and what the oracle makes of the messages, are the same.
 */
const RULES = isLong ? 1_000 : 150;
const ORDERS = isLong ? 3_000 : 600;
const USERS = 60;
const SETTLE_MS = isLong ? 600_000 : 300_000;
const TOKEN = 'the token of this test';

const menus: Menu[] = [
  { d1: ['Пицца с грибами', 'Выпечка'], d2: ['Борщ', 'Супы'], d3: ['Квас', 'Напитки'] },
  { d4: ['ПИЦЦЕТТА', 'Выпечка'], d5: ['Ёжик', 'Закуски'], d6: ['Чай', 'Напитки'], d7: ['Солянка', 'Супы'] },
  { d8: ['Кофе', 'Напитки'], d9: ['Мини-пицца', 'Закуски'] },
];
const known = '2021-01-01 00:00:00';
const dictionary = townOf(USERS, menus, known);

const pipeline = usePipeline();
const history = new MirroredHistory(pipeline);
const random = new Random(drawSeed(), 'conditions');
let api: ServiceProcess;
let warehouse: Warehouse;

beforeAll(async () => {
  api = pipeline.replica('cdm', { API_TOKEN: TOKEN });
  await api.start();
  warehouse = new Warehouse(pipeline.database.loginUrls.cdm, 'test', 1);
});
afterAll(() => warehouse.onApplicationShutdown());

/** Orders of five years up to now, some of them versions of those before. */
function someOrders(count: number, firstId: number): { value: string; partition: number }[] {
  return Array.from({ length: count }, (_, place) => {
    const id = random.chance(0.15) ? random.integer(0, firstId + place) : firstId + place;
    // Of an order the owner stays.
    const owner = new Random(id, 'owner');
    const restaurant = owner.integer(0, menus.length - 1);
    const dishes = Object.keys(menus[restaurant]!);
    const daysAgo = random.chance(0.5) ? random.integer(0, 60) : random.integer(0, 1_800);
    const minute = `${String(Math.floor(place / 60) % 60).padStart(2, '0')}:${String(place % 60).padStart(2, '0')}`;
    return {
      partition: id % 6,
      value: sourceText({
        id,
        user: `u${Math.floor(USERS * owner.next() ** 2)}`,
        restaurant: `r${restaurant}`,
        date: new Date(Date.now() - daysAgo * 86_400_000 - 7_200_000)
          .toISOString()
          .slice(0, 19)
          .replace('T', ' '),
        items: Array.from({ length: random.integer(1, 3) }, () =>
          line(random.pick(dishes), random.integer(1, 900) / 2, random.integer(1, 4)),
        ),
        status: random.chance(0.85) ? 'CLOSED' : 'CANCELLED',
        updateTs: `2026-01-${String(1 + Math.floor((10 * firstId) / ORDERS)).padStart(2, '0')} 12:${minute}`,
      }),
    };
  });
}

type AskedRule = Pick<Rule, 'tag' | 'conditions'> & { id?: string };

/** By the copy of the ledger, which is there once it was asked for and the log says so. */
function preview(rule: AskedRule): Promise<PreviewAnswer> {
  return asked('preview', rule, { histogram_of: firstNumber(rule) });
}

/** The same by PostgreSQL. */
async function previewBySql(rule: AskedRule): Promise<PreviewAnswer | undefined> {
  const { id: replacedId, tag } = rule;
  const tried = { tag, conditions: rule.conditions as Conditions, enabled: true };
  const answer = await warehouse.snapshot((client) =>
    previewRule(client, tried, { replacedId, histogramOf: firstNumber(rule) }, nowLocal()),
  );
  return JSON.parse(JSON.stringify(answer)) as PreviewAnswer;
}

/** The path of the first condition with a number, by which guests are shown. */
function firstNumber({ conditions }: AskedRule): string | undefined {
  const list = listConditions(conditions as Conditions);
  return list.find(({ condition }) => condition.count !== 'first_order')?.path;
}

function nowLocal(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ');
}

async function asked<Answer>(
  what: 'preview' | 'backtest',
  { id, tag, conditions }: AskedRule,
  more: object = {},
): Promise<Answer> {
  for (;;) {
    const response = await fetch(`${api.url}/api/tag-rules/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id, tag, conditions, ...more }),
    });
    if (response.ok) {
      return (await response.json()) as Answer;
    }
    if (response.status !== 429) {
      throw new Error(`${JSON.stringify(conditions)}: ${await response.text()}`);
    }
    await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
  }
}

/** What patterns stand for, by the number of the condition. */
async function productsOf({ id }: Rule): Promise<Map<number, string[]>> {
  const products = await pipeline.database.rows<{ condition: number; products: string[] }>(
    'SELECT condition, array_agg(product_id) AS products FROM cdm.tag_rule_products WHERE rule_id = $1 GROUP BY 1',
    [id],
  );
  return new Map(products.map((row) => [row.condition, row.products]));
}

/** How many guests the plain query finds, and how many of them lack the tag or hold it without being found. */
async function members(rule: Rule): Promise<{ found: number; wrong: number }> {
  const query = guestQuery(rule.conditions as Conditions, await productsOf(rule), nowLocal(), 2);
  const [row] = await pipeline.database.rows<{ found: number; wrong: number }>(
    `SELECT count(members.user_id)::integer AS found,
       count(*) FILTER (WHERE members.user_id IS NULL OR held.user_id IS NULL)::integer AS wrong
     FROM (${membersQuery(query)}) AS members
     FULL JOIN (SELECT user_id FROM cdm.user_tags WHERE tag = $1) AS held USING (user_id)`,
    [rule.tag, ...query.values],
  );
  return row!;
}

/** With products that are in no order. */
async function widenPatterns(): Promise<void> {
  await pipeline.database.rows(/* sql */ `
    INSERT INTO cdm.tag_rule_products (rule_id, condition, product_id)
    SELECT rule_id, condition, gen_random_uuid()
    FROM (SELECT DISTINCT rule_id, condition FROM cdm.tag_rule_products) AS pattern, generate_series(1, 150)`);
}

async function narrowPatterns(): Promise<void> {
  await pipeline.database.rows(/* sql */ `
    DELETE FROM cdm.tag_rule_products WHERE product_id NOT IN (SELECT product_id FROM cdm.product_names)`);
}

it(`${RULES} random rules say the same in preview, tags, SQL and oracle`, async () => {
  await history.step({ dictionary, messages: someOrders(ORDERS / 2, 0) }, SETTLE_MS);
  const things = thingsOf(dictionary);
  const rules = Array.from({ length: RULES }, (_, number) => ({
    tag: `rule ${number}`,
    conditions: randomConditions(random, things),
  }));
  const previews: PreviewAnswer[] = [];
  await preview(rules[0]!);
  await eventually(
    async () => (api.tail(10_000).includes('orders are copied') ? undefined : 'the ledger is not copied'),
    60_000,
  );
  for (const rule of rules) {
    previews.push(await preview(rule));
  }
  for (const [number, rule] of rules.slice(0, isLong ? RULES : 50).entries()) {
    expect([rule.tag, previews[number]]).toEqual([rule.tag, await previewBySql(rule)]);
  }
  await putRules(pipeline, rules);
  await pipeline.settled(SETTLE_MS);
  expect(await history.differences()).toEqual([]);

  const sizes: number[] = [];
  for (const [number, rule] of (await stored()).entries()) {
    const { found, wrong } = await members(rule);
    const shown = `${rule.tag}: ${JSON.stringify(rule.conditions)}`;
    expect([shown, wrong, found]).toEqual([shown, 0, previews[number]!.matching]);
    sizes.push(found);
  }
  // Else the rules were too narrow or too wide to show anything.
  const [{ count: guests } = { count: 0 }] = await pipeline.database.rows<{ count: number }>(
    'SELECT count(*)::integer AS count FROM cdm.users',
  );
  expect(sizes.filter((size) => size > 0 && size < guests).length).toBeGreaterThan(RULES / 3);

  // Orders that come, change and are cancelled while the rules are in force.
  for (let piece = 0; piece < 5; piece += 1) {
    // From the fourth on, patterns stand for more products than are compared as a list.
    if (piece >= 3) {
      await widenPatterns();
    }
    await history.step({ messages: someOrders(ORDERS / 10, ORDERS / 2 + (piece * ORDERS) / 10) }, SETTLE_MS);
    await narrowPatterns();
    expect(await history.differences()).toEqual([]);
  }
  for (const rule of await stored()) {
    expect([rule.tag, (await members(rule)).wrong]).toEqual([rule.tag, 0]);
  }
}, 1_800_000);

it('a preview of a rule that replaces another says the same by the copy of the ledger and by SQL', async () => {
  const rules = (await stored()).slice(0, 40);
  let revoked = 0;
  for (const [number, rule] of rules.entries()) {
    const changed = { ...rule, conditions: rules[(number + 1) % rules.length]!.conditions };
    const answer = await preview(changed);
    expect([rule.tag, answer]).toEqual([rule.tag, await previewBySql(changed)]);
    revoked += answer.revoked;
  }
  expect(revoked).toBeGreaterThan(rules.length);
  expect(api.tail(10_000).match(/orders are copied/g)).toHaveLength(1);
}, 300_000);

it('previews and figures from the copy of the ledger are all answered where they come at once', async () => {
  const [rule] = await stored();
  const figures = Array.from({ length: 20 }, (_, place) =>
    fetch(`${api.url}/api/popularity/products?by=users&from=${2000 + place}-01-01`),
  );
  const previews = Array.from({ length: 10 }, () => preview(rule!));
  const statuses = (await Promise.all(figures)).map(({ status }) => status);
  expect(statuses).toEqual(statuses.map(() => 200));
  expect(new Set((await Promise.all(previews)).map(({ matching }) => matching)).size).toBe(1);
}, 60_000);

it('a backtest has for each day whom the plain query finds in the orders of until then', async () => {
  const days = Array.from({ length: 90 }, (_, ago) => dayBefore(ago)).toReversed();
  let moved = 0;
  for (const rule of (await stored()).filter((_, number) => number % 3 === 0)) {
    const { days: found } = await asked<{ days: BacktestDay[] }>('backtest', rule);
    expect(found.map(({ day }) => day)).toEqual(days);
    const some = [89, ...Array.from({ length: 4 }, () => random.integer(0, 88))];
    const expected = await Promise.all(some.map((place) => membersOn(rule, days[place]!)));
    const shown = `${rule.tag}: ${JSON.stringify(rule.conditions)}`;
    expect([shown, ...some.map((place) => found[place]!.users)]).toEqual([shown, ...expected]);
    for (const [place, { users, gained, lost }] of found.entries()) {
      expect([shown, users]).toEqual([
        shown,
        (found[place - 1]?.users ?? users - gained + lost) + gained - lost,
      ]);
    }
    moved += found.filter(({ gained, lost }) => gained + lost > 0).length;
  }
  expect(moved).toBeGreaterThan(200);
}, 600_000);

interface BacktestDay {
  day: string;
  users: number;
  gained: number;
  lost: number;
}

/** How many guests of then the plain query finds when the day ends, in the orders made until then; today: as of now. */
async function membersOn(rule: Rule, day: string): Promise<number> {
  const isToday = day === dayBefore(0);
  const end = isToday ? nowLocal() : `${dayBefore(-1, day)} 00:00:00`;
  const query = guestQuery(rule.conditions as Conditions, await productsOf(rule), end);
  const made = isToday ? 'true' : `order_dt < '${end}'`;
  const text = membersQuery(query)
    .replaceAll('cdm.order_versions', `(SELECT * FROM cdm.order_versions WHERE ${made}) AS placed`)
    .replace('cdm.users', `(SELECT DISTINCT user_id FROM cdm.order_versions WHERE ${made}) AS guest`);
  const [row] = await pipeline.database.rows<{ found: number }>(
    `SELECT count(*)::integer AS found FROM (${text}) AS members`,
    query.values,
  );
  return row!.found;
}

function dayBefore(days: number, day = new Date().toISOString().slice(0, 10)): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

function stored(): Promise<Rule[]> {
  return pipeline.database.rows<Rule>(
    `SELECT id, tag, conditions, enabled FROM cdm.tag_rules ORDER BY substr(tag, 6)::integer`,
  );
}
