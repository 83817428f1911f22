import { describe, expect, it } from 'vitest';
import { hashKey } from './hash-key';
import type { PlacedMessage } from './history';
import type { Row, Tables } from './rows';
import { tagEventDifferences } from './tag-events';
import { tagTables, type Condition, type Joined, type Rule } from './tags';

const [anna, ben, carl] = ['anna', 'ben', 'carl'].map((user) => hashKey('h_user', user)) as [
  string,
  string,
  string,
];
const [pizza, soup] = ['pizza', 'soup'].map((dish) => hashKey('h_product', dish)) as [string, string];
const [hot, deli] = [hashKey('h_category', 'Hot'), hashKey('h_restaurant', 'deli')];

function order(user_id: string, order_dt: string, products: string, changes: Row = {}): Row {
  return { user_id, restaurant_id: deli, status: 'CLOSED', order_dt, payment: '10.5', products, ...changes };
}

const [pizzas, soups] = [`${pizza} ${hot} 2 9.5`, `${soup} ${hot} 1 4`];

const marts: Tables = {
  'cdm.users': [anna, ben, carl].map((user_id) => ({ user_id })),
  'cdm.product_names': [
    { product_id: pizza, product_name: 'ПИЦЦЕТТА С ЁЖИКОМ' },
    { product_id: soup, product_name: 'Суп' },
  ],
  'cdm.order_versions': [
    order(anna, '2024-03-01 12:00:00', pizzas),
    order(anna, '2024-03-02 12:00:00.5', soups),
    order(anna, '2024-03-03 12:00:00', `${pizzas}, ${soups}`),
    order(anna, '2024-03-03 13:00:00', pizzas, { status: 'CANCELLED' }),
    order(ben, '2024-03-02 12:00:00', soups),
  ],
};

function held(rules: Partial<Rule>[], now = '2024-03-03 14:00:00'): unknown[] {
  const tables = tagTables(
    marts,
    rules.map((rule, place) => ({
      id: `rule ${place}`,
      tag: 'tag',
      enabled: true,
      conditions: { all_of: [] },
      ...rule,
    })),
    now,
  );
  const names = new Map([anna, ben, carl].map((user, place) => [user, ['anna', 'ben', 'carl'][place]]));
  return tables['cdm.user_tags']!.map(({ user_id, tag }) => [names.get(String(user_id)), tag]);
}

const orders = (match: Condition['match'], at_least = 2, last_days?: number): Condition => ({
  count: 'orders',
  match,
  at_least,
  last_days,
});

describe('the oracle of tags', () => {
  it.each<[string, Condition | Joined<Condition>, string[]]>([
    ['a category', orders({ category: 'Hot' }), ['anna']],
    ['a category, by hash key', orders({ category: hot }, 1), ['anna', 'ben']],
    ['a dish', orders({ product_id: 'pizza' }), ['anna']],
    ['one dish of several', orders({ product_id: ['tea', 'soup'] }, 1), ['anna', 'ben']],
    ['CLOSED orders alone', orders({ product_id: pizza }, 3), []],
    ['a restaurant', orders({ restaurant_id: 'deli' }, 3), ['anna']],
    ['a pattern', orders({ product_pattern: 'с ЕЖ' }), ['anna']],
    ['a pattern that nothing matches', orders({ product_pattern: 'пицца' }), []],
    ['any order', orders(undefined, 3), ['anna']],
    ['guests without orders', { count: 'orders', at_most: 0 }, ['carl']],
    ['a window', orders({ category: 'Hot' }, 1, 1), ['anna']],
    ['a window, wider', orders({ category: 'Hot' }, 2, 2), ['anna']],
    ['a window with too few', orders({ product_id: 'pizza' }, 2, 2), []],
    ['between two days', { ...orders(undefined, 1), from: '2024-03-02', to: '2024-03-03' }, ['anna', 'ben']],
    ['items', { count: 'items', match: { product_id: 'pizza' }, at_least: 4, at_most: 4 }, ['anna']],
    ['items of whole orders', { count: 'items', at_least: 6 }, ['anna']],
    ['money of lines', { count: 'money', match: { category: 'Hot' }, at_least: 26.5, at_most: 27 }, ['anna']],
    ['money paid', { count: 'money', at_most: 10.5 }, ['ben', 'carl']],
    [
      'money paid at a restaurant',
      { count: 'money', match: { restaurant_id: 'deli' }, at_least: 31.5 },
      ['anna'],
    ],
    [
      'days since then',
      { count: 'days_since_last_order', match: { product_id: 'soup' }, at_least: 1 },
      ['ben', 'carl'],
    ],
    [
      'few days since then',
      { count: 'days_since_last_order', match: { product_id: 'soup' }, at_most: 0 },
      ['anna'],
    ],
    ['the first order', { count: 'first_order', from: '2024-03-02' }, ['ben']],
    ['what is not', { not: true, ...orders({ product_id: 'pizza' }) }, ['ben', 'carl']],
    [
      'a group',
      { any_of: [orders({ product_id: 'pizza' }), { count: 'orders', at_most: 0 }] },
      ['anna', 'carl'],
    ],
  ])('counts %s', (_, condition, users) => {
    expect(held([{ conditions: { all_of: [condition] } }])).toEqual(users.map((user) => [user, 'tag']));
  });

  it('gives a tag once, however many rules do, and none of a rule that is disabled', () => {
    const [dish, category] = [
      { all_of: [orders({ product_id: 'pizza' })] },
      { all_of: [orders({ category: 'Hot' })] },
    ];
    expect(held([{ conditions: dish }, { conditions: category }])).toEqual([['anna', 'tag']]);
    expect(held([{ conditions: dish, enabled: false }])).toEqual([]);
  });

  it('knows which rules hold, and what patterns stand for', () => {
    const conditions = { any_of: [orders(undefined, 9), orders({ product_pattern: 'пицц' })] };
    expect(
      tagTables(marts, [{ id: 'rule', tag: 'tag', conditions, enabled: true }], '2024-03-03 14:00:00'),
    ).toEqual({
      'cdm.user_tags': [{ user_id: anna, tag: 'tag' }],
      'cdm.user_rule_states': [{ user_id: anna, rule_id: 'rule' }],
      'cdm.tag_rule_products': [{ rule_id: 'rule', condition: '1', product_id: pizza }],
    });
  });
});

describe('the comparison of tag events', () => {
  const given = (event_number: number, event: string, changes: Record<string, unknown> = {}) => ({
    event_id: hashKey('user_tag_events', anna, String(event_number)),
    event_number,
    event,
    user_id: anna,
    source_user_id: 'anna',
    tag: 'tag',
    order_cnt: 2,
    at: '2024-03-03T12:00:00.000Z',
    ...changes,
  });
  const message = (event: object, partition = 0): PlacedMessage => ({
    partition,
    offset: '0',
    timestamp: '0',
    key: Buffer.from(anna),
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
  });
  const [first, second, third] = [given(1, 'assigned'), given(2, 'revoked'), given(3, 'assigned')] as const;
  const rows = [{ user_id: anna, tag: 'tag' }];

  it('finds nothing in a sound stream, and drops repeats', () => {
    expect(
      tagEventDifferences(
        rows,
        3,
        [first, second, third].map((one) => message(one)),
      ),
    ).toEqual([]);
    expect(
      tagEventDifferences(
        rows,
        3,
        [first, second, first, second, third].map((one) => message(one)),
      ),
    ).toEqual([]);
  });

  it.each([
    ['an event that is missing', rows, 3, [first, third].map((one) => message(one)), /comes after number 1/],
    ['events in the wrong order', rows, 3, [second, first, third].map((one) => message(one)), /comes after/],
    [
      'a repeat that says something else',
      rows,
      1,
      [message(first), message({ ...first, tag: 'x' })],
      /repeated as/,
    ],
    ['an id that is not deterministic', rows, 1, [message({ ...first, event_id: soup })], /an id that/],
    ['another partition', [], 2, [message(first), message(second, 1)], /is in partition 1, not 0/],
    [
      'an assignment of what is held',
      rows,
      2,
      [first, given(2, 'assigned')].map((one) => message(one)),
      /changes nothing/,
    ],
    [
      'the source id of somebody else',
      rows,
      1,
      [message({ ...first, source_user_id: 'ben' })],
      /another user/,
    ],
    ['an impossible number of orders', rows, 1, [message({ ...first, order_cnt: -1 })], /impossible count/],
    [
      'an event that is not published',
      rows,
      2,
      [message(first)],
      /1 different tag events in the topic, 2 stored/,
    ],
    ['a tag that no event has', rows, 0, [], /events do not have/],
    ['a tag of an event that is not held', [], 1, [message(first)], /which is not held/],
  ])('finds %s', (_, tags, stored, messages, complaint) => {
    expect(tagEventDifferences(tags, stored, messages)).toContainEqual(expect.stringMatching(complaint));
  });
});
