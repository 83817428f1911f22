import { describe, expect, it } from 'vitest';
import { hashKey } from './hash-key';
import type { PlacedMessage } from './history';
import type { Row, Tables } from './rows';
import { tagEventDifferences } from './tag-events';
import { tagTables, type Rule } from './tags';

const [anna, ben] = ['anna', 'ben'].map((user) => hashKey('h_user', user)) as [string, string];
const [pizza, soup] = ['pizza', 'soup'].map((dish) => hashKey('h_product', dish)) as [string, string];
const [hot, deli] = [hashKey('h_category', 'Hot'), hashKey('h_restaurant', 'deli')];

function order(user_id: string, order_dt: string, product: string, status = 'CLOSED'): Row {
  return { user_id, restaurant_id: deli, status, order_dt, products: `${product} ${hot}` };
}

const marts: Tables = {
  'cdm.product_names': [
    { product_id: pizza, product_name: 'ПИЦЦЕТТА С ЁЖИКОМ' },
    { product_id: soup, product_name: 'Суп' },
  ],
  'cdm.order_versions': [
    order(anna, '2024-03-01 12:00:00', pizza),
    order(anna, '2024-03-02 12:00:00.5', soup),
    order(anna, '2024-03-03 12:00:00', pizza),
    order(anna, '2024-03-03 13:00:00', pizza, 'CANCELLED'),
    order(ben, '2024-03-02 12:00:00', soup),
  ],
};

const rule: Rule = {
  id: 'rule',
  tag: 'tag',
  category: null,
  product_id: null,
  product_pattern: null,
  restaurant_id: null,
  min_orders: 2,
  window_days: null,
  enabled: true,
};

function held(rules: Partial<Rule>[], now = '2024-03-03 14:00:00'): unknown[] {
  const tables = tagTables(
    marts,
    rules.map((changes) => ({ ...rule, ...changes })),
    now,
  );
  return tables['cdm.user_tags']!.map(({ user_id, tag }) => [user_id === anna ? 'anna' : 'ben', tag]);
}

describe('the oracle of tags', () => {
  it.each([
    ['a category', { category: 'Hot' }, ['anna']],
    ['a category, by hash key', { category: hot, min_orders: 1 }, ['anna', 'ben']],
    ['a dish', { product_id: 'pizza' }, ['anna']],
    ['a dish, CLOSED orders alone', { product_id: pizza, min_orders: 3 }, []],
    ['a restaurant', { restaurant_id: 'deli', min_orders: 3 }, ['anna']],
    ['a pattern', { product_pattern: 'с ЕЖ' }, ['anna']],
    ['a pattern that nothing matches', { product_pattern: 'пицца' }, []],
    ['a rule that is disabled', { category: 'Hot', enabled: false }, []],
    ['a window', { category: 'Hot', window_days: 1, min_orders: 1 }, ['anna']],
    ['a window, wider', { category: 'Hot', window_days: 2 }, ['anna']],
    ['a window with too few', { product_id: 'pizza', window_days: 2 }, []],
  ])('counts %s', (_, changes, users) => {
    expect(held([changes])).toEqual(users.map((user) => [user, 'tag']));
  });

  it('gives a tag once, however many rules do', () => {
    expect(held([{ category: 'Hot' }, { id: 'other', product_id: 'pizza' }])).toEqual([['anna', 'tag']]);
  });

  it('knows what is counted, and where a window holds', () => {
    const windowed = { ...rule, category: 'Hot', window_days: 2 };
    const pattern = { ...rule, id: 'pattern', product_pattern: 'пицц' };
    expect(tagTables(marts, [windowed, pattern], '2024-03-03 14:00:00')).toMatchObject({
      'cdm.tag_rule_counts': [
        { user_id: anna, rule_id: 'rule', order_cnt: null, until: 'some time' },
        { user_id: anna, rule_id: 'pattern', order_cnt: '2', until: null },
      ],
      'cdm.tag_rule_products': [{ rule_id: 'pattern', product_id: pizza }],
    });
  });
});

describe('the comparison of tag events', () => {
  const told = (event_number: number, event: string, changes: Record<string, unknown> = {}) => ({
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
  const [first, second, third] = [told(1, 'assigned'), told(2, 'revoked'), told(3, 'assigned')] as const;
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
      [first, told(2, 'assigned')].map((one) => message(one)),
      /changes nothing/,
    ],
    [
      'the source id of somebody else',
      rows,
      1,
      [message({ ...first, source_user_id: 'ben' })],
      /another user/,
    ],
    ['an assignment without orders', rows, 1, [message({ ...first, order_cnt: 0 })], /impossible count/],
    [
      'an event that is not published',
      rows,
      2,
      [message(first)],
      /1 different tag events in the topic, 2 stored/,
    ],
    ['a tag that no event tells of', rows, 0, [], /events do not tell of/],
    ['a tag that is told and not held', [], 1, [message(first)], /which is not held/],
  ])('finds %s', (_, tags, stored, messages, complaint) => {
    expect(tagEventDifferences(tags, stored, messages)).toContainEqual(expect.stringMatching(complaint));
  });
});
