import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Failpoint } from '@app/failpoints/failpoint';
import { Random } from '../../dev/orders/random';
import { dyingAt } from '../failpoints/dying-at';
import type { Pipeline } from '../harness/pipeline';
import { usePipeline } from '../harness/use-pipeline';
import { hashKey } from '../oracle/hash-key';
import { readTables } from '../oracle/tables';
import { eventually } from '../harness/eventually';
import { findDifferences } from './crash/find-differences';
import { inPipeline } from './crash/in-pipeline';
import { drawSeed, isLong } from '../history/seed';
import { Traffic } from './crash/traffic';
import { untilSettled } from './crash/until-settled';
import { dictionary, menu, restaurantEntry, userEntry, type Menu } from './orders/small-town';
import { line, sourceText, type OrderChanges } from './orders/source-text';
import { MirroredHistory } from './orders/mirrored-history';
import { putRules, type NewRule } from './tags/put-rules';
import { randomConditions, thingsOf } from './tags/random-conditions';
import { differencesWithTags } from './tags/tag-differences';

/*
 * Tags are exact: whenever no evaluation is pending, who holds which tag is what the rules give over the ledger, and
 * the stream of events, repeats dropped, says the same. After each step all tables and topics are compared with the
 * oracle.
 */
const SETTLE_MS = isLong ? 600_000 : 300_000;

/** The minute after 13:00 at which a version became true. */
function at(minute: number): Pick<OrderChanges, 'updateTs' | 'sent'> {
  const mm = String(minute).padStart(2, '0');
  return { updateTs: `2024-03-01 13:${mm}:00`, sent: `2024-03-01 13:${mm}:01` };
}

/** The tags of each user who holds one. */
async function tagsOf({ database }: Pipeline): Promise<Record<string, string[]>> {
  const rows = await database.rows<{ user: string; tags: string[] }>(
    `SELECT source_user_id AS user, array_agg(tag ORDER BY tag) AS tags
     FROM cdm.user_tags JOIN cdm.users USING (user_id) GROUP BY source_user_id`,
  );
  return Object.fromEntries(rows.map(({ user, tags }) => [user, tags]));
}

/** The published events, as `+tag 3`. */
async function eventsOf(pipeline: Pipeline, user: string): Promise<string[]> {
  const events = (await pipeline.outputs('cdm')).map(
    ({ value }) =>
      JSON.parse(String(value)) as Record<'source_user_id' | 'event' | 'tag' | 'order_cnt', string>,
  );
  return events
    .filter(({ source_user_id }) => source_user_id === user)
    .map(({ event, tag, order_cnt }) => `${event === 'assigned' ? '+' : '-'}${tag} ${order_cnt}`);
}

describe('orders', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline);
  let nextId = 1;

  /** A new order; its number, to change it with. */
  async function ordered(user: string, order: OrderChanges = {}): Promise<number> {
    const id = nextId;
    nextId += 1;
    await happens({ id, user, ...at(0), ...order });
    return id;
  }

  async function happens(...orders: OrderChanges[]): Promise<void> {
    await history.step({ messages: orders.map((order) => sourceText(order)) });
    expect(await history.differences()).toEqual([]);
  }

  beforeAll(async () => {
    await putRules(pipeline, [
      { tag: 'borscht lover', product_id: 'd1', min_orders: 2 },
      { tag: 'thirsty', category: 'Drinks', min_orders: 1 },
      { tag: 'thirsty', product_id: hashKey('h_product', 'd4'), min_orders: 2 },
      { tag: 'goes up', restaurant_id: 'r3', min_orders: 2 },
      { tag: 'любит солянку', product_pattern: 'SOLYANK', min_orders: 2 },
    ]);
    await history.step({ dictionary });
  });

  it(
    'give a tag at the threshold, and corrections take it back and give it again',
    { tags: ['short'] },
    async () => {
      const first = await ordered('u1');
      expect(await tagsOf(pipeline)).toEqual({});
      const second = await ordered('u1');
      expect(await tagsOf(pipeline)).toEqual({ u1: ['borscht lover'] });
      await happens({ id: second, user: 'u1', ...at(1), status: 'CANCELLED' });
      expect(await tagsOf(pipeline)).toEqual({});
      await happens({ id: second, user: 'u1', ...at(2) });
      await happens({ id: first, user: 'u1', ...at(1), items: [line('d1', 5, 7), line('d1')] });
      expect(await tagsOf(pipeline)).toEqual({ u1: ['borscht lover'] });
      await happens({ id: first, user: 'u1', ...at(2), items: [line('d2')] });
      expect(await tagsOf(pipeline)).toEqual({});
      expect(await eventsOf(pipeline, 'u1')).toEqual([
        '+borscht lover 2',
        '-borscht lover 1',
        '+borscht lover 2',
        '-borscht lover 1',
      ]);
    },
  );

  it('in no other state than CLOSED count', async () => {
    for (const status of ['OPEN', 'COOKING', 'DELIVERING', 'CANCELLED']) {
      await ordered('u2', { status, items: [line('d3')] });
    }
    expect(await tagsOf(pipeline)).not.toHaveProperty('u2');
  });

  it('keep a tag while any of its rules holds', async () => {
    const drink = await ordered('u3', { items: [line('d3')] });
    await ordered('u3', { items: [line('d4')] });
    await ordered('u3', { items: [line('d4')] });
    await happens({ id: drink, user: 'u3', ...at(1), status: 'CANCELLED' });
    expect(await tagsOf(pipeline)).toMatchObject({ u3: ['thirsty'] });
    expect(await eventsOf(pipeline, 'u3')).toEqual(['+thirsty 1']);
  });

  it('count by restaurant, and by pattern', async () => {
    await ordered('u4', { restaurant: 'r3', items: [line('d2'), line('d4')] });
    await ordered('u4', { restaurant: 'r3', items: [line('d2')] });
    expect(await tagsOf(pipeline)).toMatchObject({ u4: ['goes up', 'любит солянку'] });
  });

  it('give and take several tags of several users in one batch', async () => {
    await happens(
      ...['u5', 'u6', 'u7'].flatMap((user, place) =>
        [1, 2].map((number) => ({
          id: 1_000 + 10 * place + number,
          user,
          restaurant: 'r3',
          ...at(0),
          items: [line('d1'), line('d2'), line('d3')],
        })),
      ),
    );
    const all = ['borscht lover', 'goes up', 'thirsty', 'любит солянку'];
    expect(await tagsOf(pipeline)).toMatchObject({ u5: all, u6: all, u7: all });
    await happens(
      { id: 1_001, user: 'u5', restaurant: 'r3', ...at(1), status: 'CANCELLED' },
      { id: 1_012, user: 'u6', restaurant: 'r3', ...at(1), items: [] },
    );
    expect(await tagsOf(pipeline)).toMatchObject({ u5: ['thirsty'], u6: ['goes up', 'thirsty'], u7: all });
  });
});

describe('a pattern', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline);
  let nextId = 1;

  /** An order of two dishes has the names of both. */
  async function ordered(user: string, dish: string, dishes?: Menu, month = 2, other = dish): Promise<void> {
    const id = nextId;
    nextId += 1;
    await history.step({
      dictionary: dishes
        ? { r1: restaurantEntry('r1', 'At home', dishes, `2024-0${month}-01 00:00:00`) }
        : {},
      messages: [sourceText({ id, user, ...at(0), items: [line(dish), line(other)] })],
    });
    expect(await history.differences()).toEqual([]);
  }

  beforeAll(async () => {
    await putRules(pipeline, [
      { tag: 'pizza lover', product_pattern: 'пИцЦ', min_orders: 2 },
      { tag: 'eats hedgehogs', product_pattern: 'С ЕЖ', min_orders: 1 },
      { tag: 'eats this year', product_pattern: 'пицц', min_orders: 2, window_days: 36_500 },
    ]);
    await history.step({ dictionary });
  });

  it('stands for a new dish at once, whatever the case, ё as е', async () => {
    await ordered('u1', 'd5', { ...menu, d5: ['ПИЦЦЕТТА С ЁЖИКОМ', 'Выпечка'] });
    expect(await tagsOf(pipeline)).toEqual({ u1: ['eats hedgehogs'] });
    await ordered('u1', 'd5');
    expect(await tagsOf(pipeline)).toEqual({ u1: ['eats hedgehogs', 'eats this year', 'pizza lover'] });
  });

  it('stands for a dish that is renamed into it, also for those who ordered it before', async () => {
    await ordered('u2', 'd1');
    await ordered('u2', 'd1');
    await ordered(
      'u3',
      'd1',
      { ...menu, d1: ['Пицца с борщом', 'Soups'], d5: ['ПИЦЦЕТТА С ЁЖИКОМ', 'Выпечка'] },
      3,
    );
    expect(await tagsOf(pipeline)).toMatchObject({ u2: ['eats this year', 'pizza lover'] });
    expect(await tagsOf(pipeline)).not.toHaveProperty('u3');
  });

  it('no longer stands for a dish that is renamed out of it', async () => {
    await ordered('u3', 'd5', { ...menu, d1: ['Borscht', 'Soups'], d5: ['Ёжик', 'Выпечка'] }, 4, 'd1');
    expect(await tagsOf(pipeline)).toEqual({});
    expect(await eventsOf(pipeline, 'u2')).toEqual([
      '+eats this year 2',
      '+pizza lover 2',
      '-eats this year 0',
      '-pizza lover 0',
    ]);
  });

  it('stands for what is renamed back', async () => {
    await ordered('u4', 'd1', { ...menu, d1: ['PIZZA', 'Soups'], d5: ['Пицца', 'Выпечка'] }, 5, 'd5');
    expect(await tagsOf(pipeline)).toEqual({ u1: ['eats this year', 'pizza lover'] });
  });
});

/** Sets a member of the first condition of a rule. */
function set(member: string, value: unknown): string {
  return `conditions = jsonb_set(conditions, '{all_of,0,${member}}', '${JSON.stringify(value)}')`;
}

describe('a rule', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline);
  let id: string;

  async function changed(statement: string): Promise<Record<string, string[]>> {
    await pipeline.database.rows(statement);
    await pipeline.settled();
    expect(await history.differences()).toEqual([]);
    return tagsOf(pipeline);
  }

  beforeAll(async () => {
    const orders = ['u1', 'u2', 'u3'].flatMap((user, place) =>
      Array.from({ length: place + 1 }, (_, number) => ({
        id: 10 * place + number,
        user,
        items: [line('d1'), line('d3')],
      })),
    );
    await history.step({ dictionary, messages: orders.map((order) => sourceText(order)) });
  });

  it('that is added reaches who ordered before', async () => {
    [id = ''] = await putRules(pipeline, [{ tag: 'soups', category: 'Soups', min_orders: 2 }]);
    expect(await changed('SELECT')).toEqual({ u2: ['soups'], u3: ['soups'] });
  });

  it.each([
    ['threshold', set('at_least', 3), { u3: ['soups'] }],
    ['tag', `tag = 'drinks'`, { u3: ['drinks'] }],
    [
      'match',
      `conditions = '{"all_of":[{"count":"orders","match":{"product_pattern":"KVAS"},"at_least":1}]}'`,
      { u1: ['drinks'], u2: ['drinks'], u3: ['drinks'] },
    ],
    ['pattern', set('match', { product_pattern: 'nothing' }), {}],
    [
      'number and pattern',
      set('match', { product_pattern: ['borscht', 'x'] }),
      { u1: ['drinks'], u2: ['drinks'], u3: ['drinks'] },
    ],
    ['threshold again', set('at_least', 2), { u2: ['drinks'], u3: ['drinks'] }],
    ['window', set('last_days', 1), {}],
    ['window, a wide one,', set('last_days', 36_500), { u2: ['drinks'], u3: ['drinks'] }],
    ['state: disabled', 'enabled = false', {}],
    ['state: enabled', 'enabled = true', { u2: ['drinks'], u3: ['drinks'] }],
    ['opinion', set('not', true), { u1: ['drinks'] }],
    ['opinion again', `conditions = conditions #- '{all_of,0,not}'`, { u2: ['drinks'], u3: ['drinks'] }],
    ['author, by which nothing changes,', `created_by = 'somebody'`, { u2: ['drinks'], u3: ['drinks'] }],
  ])('is evaluated when its %s is changed', async (_, change, tags) => {
    expect(await changed(`UPDATE cdm.tag_rules SET ${change} WHERE id = '${id}'`)).toEqual(tags);
  });

  it('that is deleted takes its tag back, unless another gives it too', async () => {
    await putRules(pipeline, [{ tag: 'drinks', restaurant_id: 'r1', min_orders: 3 }]);
    expect(await changed(`DELETE FROM cdm.tag_rules WHERE id = '${id}'`)).toEqual({ u3: ['drinks'] });
    expect(await changed('DELETE FROM cdm.tag_rules')).toEqual({});
  });
});

describe('a window', () => {
  const ZONE_MS = 9 * 3_600_000;
  let pipeline: Pipeline;
  let history: MirroredHistory;
  let clock: string;
  let ahead = 0;

  /** Sets the clock, local at the source. It goes on from there: what is to be before a time is minutes before it. */
  function setClock(local: string): void {
    ahead = Date.parse(`${local.replace(' ', 'T')}Z`) - Date.now();
    writeFileSync(clock, String(ahead - ZONE_MS));
  }

  async function itIs(local: string): Promise<void> {
    setClock(local);
    await eventually(async () => {
      const late = await pipeline.database.rows('SELECT FROM cdm.user_rule_states WHERE until <= $1', [
        local,
      ]);
      return late.length === 0 ? undefined : `${late.length} states have expired`;
    }, 60_000);
    await pipeline.settled();
    expect(await history.differences(ahead)).toEqual([]);
  }

  async function happens(...orders: OrderChanges[]): Promise<void> {
    await history.step({ messages: orders.map((order) => sourceText(order)) });
    expect(await history.differences(ahead)).toEqual([]);
  }

  const others = usePipeline();
  beforeAll(async () => {
    pipeline = others;
    history = new MirroredHistory(pipeline);
    clock = join(pipeline.logs, 'clock');
    await pipeline.service('cdm').stop();
    await pipeline
      .replica('cdm', { CLOCK_FILE: clock, SOURCE_TIME_ZONE: 'Asia/Tokyo' }, 'dist-failpoints')
      .start();
    await putRules(pipeline, [
      { tag: 'lately', product_id: 'd1', min_orders: 2, window_days: 7 },
      { tag: 'today', restaurant_id: 'r1', min_orders: 1, window_days: 1 },
      { tag: 'lately', category: 'Drinks', min_orders: 1, window_days: 10 },
    ]);
    await history.step({ dictionary });
  });
  afterAll(() => rmSync(clock, { force: true }));

  it('moves: a tag goes when too few orders are left in it', async () => {
    await itIs('2024-03-04 11:00:00');
    await happens(
      { id: 1, user: 'u1', date: '2024-03-01 12:00:00' },
      { id: 2, user: 'u1', date: '2024-03-03 12:00:00.5' },
      { id: 3, user: 'u1', date: '2024-03-03 13:00:00' },
      { id: 4, user: 'u2', date: '2024-02-26 10:00:00' },
      { id: 5, user: 'u2', date: '2024-03-04 12:00:00' },
    );
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately', 'today'], u2: ['today'] });
    await itIs('2024-03-05 12:00:00');
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately'] });
    await itIs('2024-03-10 11:55:00');
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately'] });
    await itIs('2024-03-10 12:00:02');
    expect(await tagsOf(pipeline)).toEqual({});
    expect(await eventsOf(pipeline, 'u1')).toEqual(['+lately 3', '+today 2', '-today 0', '-lately 1']);
  });

  it('counts an order that comes late only if it still lies in it', async () => {
    await happens({ id: 6, user: 'u1', date: '2024-03-02 12:00:00' });
    expect(await tagsOf(pipeline)).toEqual({});
    await happens({ id: 7, user: 'u1', date: '2024-03-09 12:00:00' });
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately'] });
    await happens({ id: 7, user: 'u1', date: '2024-03-01 12:00:00', ...at(1) });
    expect(await tagsOf(pipeline)).toEqual({});
    await happens({ id: 8, user: 'u1', date: '2024-03-11 00:00:00', items: [line('d3'), line('d1')] });
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately', 'today'] });
  });

  it('keeps a tag while another rule gives it', async () => {
    await itIs('2024-03-20 23:55:00');
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately'] });
    await itIs('2024-03-21 00:00:01');
    expect(await tagsOf(pipeline)).toEqual({});
  });

  it('is evaluated with the clock of the service when the rule changes', async () => {
    await pipeline.database.rows(`UPDATE cdm.tag_rules SET ${set('last_days', 18)}`);
    await pipeline.settled();
    expect(await tagsOf(pipeline)).toEqual({ u1: ['lately', 'today'], u2: ['today'] });
    expect(await history.differences(ahead)).toEqual([]);
  });

  it('comes back with a clock that is set back: what was taken too early is given again', async () => {
    await itIs('2024-04-20 12:00:00');
    expect(await tagsOf(pipeline)).toEqual({});
    setClock('2024-03-21 00:00:30');
    await expect.poll(() => tagsOf(pipeline)).toEqual({ u1: ['lately', 'today'], u2: ['today'] });
    await pipeline.settled();
    expect(await history.differences(ahead)).toEqual([]);
  });
});

describe('rules that change while orders flow', () => {
  const ofFirst = '{all_of,0,at_least}';
  const changes = [
    `UPDATE cdm.tag_rules SET conditions = jsonb_set(conditions, '${ofFirst}', to_jsonb(1 + floor(random() * 5)::integer))
     WHERE conditions #>> '${ofFirst}' IS NOT NULL AND conditions #>> '{all_of,0,at_most}' IS NULL`,
    'UPDATE cdm.tag_rules SET enabled = random() < 0.6',
    'UPDATE cdm.tag_rules SET tag = tag || left(md5(random()::text), 1) WHERE random() < 0.3 AND length(tag) < 20',
    'DELETE FROM cdm.tag_rules WHERE id IN (SELECT id FROM cdm.tag_rules ORDER BY random() LIMIT 2)',
    `INSERT INTO cdm.tag_rules (tag, conditions)
     SELECT 'fan of ' || left(product_name, 3), jsonb_build_object('all_of', jsonb_build_array(jsonb_build_object(
       'count', 'orders', 'match', jsonb_build_object('product_pattern', lower(left(product_name, 3))), 'at_least', 2)))
     FROM cdm.product_names ORDER BY random() LIMIT 2`,
    `INSERT INTO cdm.tag_rules (tag, conditions)
     SELECT 'eats ' || category_name, jsonb_build_object('all_of', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
       'count', 'orders', 'match', jsonb_build_object('category', category_id), 'at_least', 2,
       'last_days', nullif(floor(random() * 3), 0) * 10000))))
     FROM cdm.user_category_counters ORDER BY random() LIMIT 2`,
    `UPDATE cdm.tag_rules SET conditions = jsonb_set(conditions, '{all_of,0,not}', 'true') WHERE random() < 0.2 AND conditions ? 'all_of'
       AND conditions @? '$.all_of[0].count'`,
  ];

  it('end exact, with three replicas of which now and then one is killed', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'rules');
    const pipeline = await inPipeline(inject('stack'));
    // More users have orders than an evaluation takes in one step.
    const size = isLong ? { orders: 10_000, users: 900 } : { orders: 900, users: 1_100 };
    const traffic = new Traffic(pipeline, { seed, ...size, restaurants: 5 });
    await traffic.open();
    await pipeline.start();
    const replicas = [pipeline.service('cdm'), pipeline.replica('cdm'), pipeline.replica('cdm')];
    await Promise.all(replicas.slice(1).map((replica) => replica.start()));

    const events = async () => {
      const [counts] = await pipeline.database.rows<Record<'assigned' | 'revoked', number>>(
        `SELECT count(*) FILTER (WHERE event = 'assigned')::integer AS assigned,
           count(*) FILTER (WHERE event = 'revoked')::integer AS revoked FROM cdm.user_tag_events`,
      );
      return counts!;
    };
    // A slow machine has evaluated little after so many changes.
    const isEnough = async (change: number) =>
      change > 300 || (change > (isLong ? 150 : 30) && (await events()).revoked > 50);
    const things = thingsOf(traffic.dictionary);
    const putConditions = () =>
      putRules(pipeline, [
        { tag: `of ${random.integer(1, 5)}`, conditions: randomConditions(random, things) },
      ]);
    const turmoil = async () => {
      for (let change = 1; !(await isEnough(change)); change += 1) {
        await pause(random.integer(50, 900));
        await (random.chance(0.3) ? putConditions() : pipeline.database.rows(random.pick(changes)));
        if (change % 10 === 0) {
          const victim = random.pick(replicas);
          await victim.kill();
          await victim.launch();
        }
      }
      await traffic.complete();
    };
    await traffic.flowDuring(turmoil(), Math.ceil(traffic.length / (isLong ? 300 : 25)), 300);
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    // Else the test would have shown nothing.
    const { assigned, revoked } = await events();
    console.log(`${assigned} assignments, ${revoked} revocations`);
    expect(Math.min(assigned, revoked)).toBeGreaterThan(50);
  }, 900_000);

  it('and dishes that are renamed meanwhile, end as the ledger has it', async () => {
    const seed = drawSeed();
    const random = new Random(seed, 'names');
    const pipeline = await inPipeline(inject('stack'));
    await pipeline.dictionary.put(dictionary);
    await pipeline.start();
    await pipeline.replica('cdm').start();
    await pipeline.replica('dds').start();
    const words = ['Пицца', 'ПИЦЦЕТТА', 'Ёлка', 'Елка', 'Борщ'];
    const rules: NewRule[] = [
      { tag: 'pizza lover', product_pattern: 'пицц', min_orders: 3 },
      { tag: 'woodman', product_pattern: 'ёлк', min_orders: 5, window_days: 36_500 },
    ];
    await putRules(pipeline, rules);
    for (let step = 1; step <= (isLong ? 200 : 20); step += 1) {
      const dishes = Object.fromEntries(
        ['d1', 'd2', 'd3', `d${random.integer(4, 60)}`].map((dish): [string, [string, string]] => [
          dish,
          [random.pick(words), 'Food'],
        ]),
      );
      const time = `2024-02-01 00:${String(Math.floor(step / 60)).padStart(2, '0')}:${String(step % 60).padStart(2, '0')}`;
      await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'At home', dishes, time) });
      await pipeline.sendOrders(
        Array.from({ length: 12 }, (_, place) => ({
          value: sourceText({
            id: step * 12 + place,
            user: `u${random.integer(1, 12)}`,
            items: [line(random.pick(Object.keys(dishes)))],
            status: random.chance(0.8) ? 'CLOSED' : 'CANCELLED',
          }),
          partition: place % 6,
        })),
        { random },
      );
      if (step % 8 === 0) {
        await pipeline.database.rows(
          `UPDATE cdm.tag_rules
           SET conditions = jsonb_set(conditions, '{all_of,0,at_least}', to_jsonb((conditions #>> '{all_of,0,at_least}')::integer % 5 + 1))`,
        );
        await putRules(pipeline, [{ tag: 'any', product_pattern: random.pick(words), min_orders: 2 }]);
      }
      await pause(random.integer(0, 300));
    }
    await untilSettled(pipeline, SETTLE_MS);
    // Which menu an order met, nobody can see from outside; the ledger and the names are exact by other tests.
    expect(await differencesWithTags(pipeline, await readTables(pipeline.database.pool))).toEqual([]);
    const [held] = await pipeline.database.rows<{ count: number }>(
      'SELECT count(*)::integer AS count FROM cdm.user_tags',
    );
    expect(held!.count).toBeGreaterThan(0);
  }, 900_000);
});

describe('kill -9', () => {
  it('in the middle of an evaluation, and of publishing, loses nothing and repeats no number', async () => {
    const USERS = 1_300;
    const pipeline = await inPipeline(inject('stack'));
    const history = new MirroredHistory(pipeline);
    await pipeline.start();
    const users = Array.from({ length: USERS }, (_, place) => `guest-${place}`);
    await history.step(
      {
        dictionary: {
          r1: restaurantEntry('r1', 'At home', menu, '2024-01-01 00:00:00'),
          ...Object.fromEntries(users.map((user) => [user, userEntry(user, user, '2024-01-01 00:00:00')])),
        },
        messages: users.map((user, place) => ({
          value: sourceText({ id: place, user }),
          partition: place % 6,
        })),
      },
      SETTLE_MS,
    );
    await pipeline.service('cdm').stop();
    const diesAt = async (failpoint: Failpoint) => {
      const victim = pipeline.replica('cdm', dyingAt(failpoint), 'dist-failpoints');
      await victim.launch();
      expect(await victim.ended(SETTLE_MS)).toMatchObject({ signal: 'SIGKILL' });
      if (!isLong) {
        await pipeline.evict('cdm');
      }
    };
    await putRules(pipeline, [{ tag: 'borscht', product_pattern: 'BORSCHT', min_orders: 1 }]);

    await diesAt('evaluation_after_commit');
    expect(await pipeline.database.rows('SELECT FROM cdm.user_tags')).toHaveLength(500);
    expect(
      await pipeline.database.rows('SELECT FROM cdm.tag_evaluations WHERE last_user IS NOT NULL'),
    ).toHaveLength(1);
    await diesAt('evaluation_before_commit');
    await diesAt('tag_events_after_publish');
    await pipeline.service('cdm').start();
    await pipeline.settled(SETTLE_MS);
    expect(await history.differences()).toEqual([]);
    expect(await pipeline.database.rows('SELECT FROM cdm.user_tags')).toHaveLength(USERS);
    // Else nothing was repeated, and the test would have shown nothing.
    expect((await pipeline.outputs('cdm')).length).toBeGreaterThan(USERS);
  }, 900_000);
});
