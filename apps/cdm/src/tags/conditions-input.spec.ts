import { describe, expect, it } from 'vitest';
import { conditionErrors, readConditions } from './conditions-input';

const pizza = { count: 'orders', match: { product_pattern: 'пицц' }, at_least: 10 };

function errors(value: unknown): string[] {
  return conditionErrors(value, 'conditions').map(({ field, message }) => `${field} ${message}`);
}

/** Of one condition, without the beginning of its path. */
function errorsOf(changes: object): string[] {
  return errors({ all_of: [{ ...pizza, ...changes }] }).map((error) =>
    error.replace('conditions.all_of.0.', ''),
  );
}

describe('takes', () => {
  it.each([
    [{ count: 'orders', at_most: 0 }],
    [{ count: 'items', match: { product_id: ['d1', 'd2'] }, at_least: 1, at_most: 1, last_days: 36_500 }],
    [{ count: 'money', match: { restaurant_id: 'r1' }, at_least: 0.00001, from: '2024-02-29' }],
    [{ count: 'money', at_most: 1_000_000_000, from: '2024-01-01', to: '2024-01-02' }],
    [{ count: 'days_since_last_order', match: { category: 'Супы' }, at_least: 1, at_most: 36_500 }],
    [{ count: 'first_order', last_days: 30 }],
    [{ not: true, count: 'first_order', to: '2024-01-01' }],
  ])('%j', (condition) => {
    expect(errors({ any_of: [condition, { all_of: [pizza] }] })).toEqual([]);
  });

  it('20 conditions, of groups too', () => {
    const group = (count: number) => ({ any_of: Array.from({ length: count }, () => pizza) });
    expect(errors({ all_of: [group(10), group(9), pizza] })).toEqual([]);
    expect(errors({ all_of: [group(10), group(10), pizza] })).toEqual([
      'conditions must have at most 20 conditions, got 21',
    ]);
  });

  it('and drops what says nothing', () => {
    const value = {
      all_of: [
        { ...pizza, not: false },
        { ...pizza, not: true },
      ],
    };
    expect(errors(value)).toEqual([]);
    expect(readConditions(value as never)).toEqual({ all_of: [pizza, { ...pizza, not: true }] });
  });
});

const joined = 'must be an object with either all_of or any_of';
const listed = 'must be a list of 1 to 20 conditions';

it.each<[unknown, string]>([
  [undefined, 'conditions is missing'],
  [null, `conditions ${joined}, got null`],
  [
    [pizza],
    `conditions ${joined}, got [{"count":"orders","match":{"product_pattern":"пицц"},"at_least":10}]`,
  ],
  [{}, `conditions ${joined}, got {}`],
  [
    { all_of: [pizza], any_of: [] },
    `conditions ${joined}, got {"all_of":[{"count":"orders","match":{"product_pattern":"пицц"},"at_least":10}],"any_of":[]}`,
  ],
  [{ all_of: [] }, `conditions.all_of ${listed}, got []`],
  [{ any_of: 5 }, `conditions.any_of ${listed}, got 5`],
  [{ all_of: [pizza, 7] }, 'conditions.all_of.1 must be an object, got 7'],
  [{ all_of: [{ any_of: [] }] }, `conditions.all_of.0.any_of ${listed}, got []`],
  [
    { all_of: [{ any_of: [pizza, { all_of: [pizza] }] }] },
    'conditions.all_of.0.any_of.1.all_of is not a known field, got [{"count":"orders","match":{"product_pattern":"пицц"},"at_least":10}]',
  ],
  [
    { all_of: [{ any_of: [{ ...pizza, at_least: 0 }] }] },
    'conditions.all_of.0.any_of.0.at_least must be a whole number from 1 to 1000000, got 0',
  ],
])('refuses %j', (value, error) => {
  expect(errors(value)[0]).toBe(error);
});

const text = 'must be a text of 1 to 200 characters, not blank, without NUL or lone surrogates';

it.each<[object, string[]]>([
  [
    { count: 'dishes' },
    ['count must be one of orders, items, money, days_since_last_order, first_order, got "dishes"'],
  ],
  [{ count: undefined }, ['count is missing']],
  [{ not: 1 }, ['not must be true or false, got 1']],
  [{ dish: 1 }, ['dish is not a known field, got 1']],
  [
    { match: {} },
    [
      'match must be an object with exactly one of category, product_id, product_pattern, restaurant_id, got {}',
    ],
  ],
  [
    { match: { category: 'a', product_id: 'b' } },
    [
      'match must be an object with exactly one of category, product_id, product_pattern, restaurant_id, got {"category":"a","product_id":"b"}',
    ],
  ],
  [{ match: { product_id: ' ' } }, [`match.product_id ${text}, got " "`]],
  [{ match: { product_id: ['a', 'b\0'] } }, [`match.product_id.1 ${text}, got "b\\u0000"`]],
  [{ match: { product_id: [] } }, ['match.product_id must be a text or a list of 1 to 50 texts, got []']],
  [{ at_least: undefined }, ['at_least is missing: a condition has at_least, at_most or both']],
  [{ at_least: '10' }, ['at_least must be a whole number from 1 to 1000000, got "10"']],
  [{ at_least: 1.5 }, ['at_least must be a whole number from 1 to 1000000, got 1.5']],
  [{ at_most: -1 }, ['at_most must be a whole number from 0 to 1000000, got -1']],
  [{ at_most: 9 }, ['at_most must be at least 10, as at_least is, got 9']],
  [
    { count: 'money', at_least: 0 },
    ['at_least must be an amount above 0 to 1000000000 with at most 5 decimals, got 0'],
  ],
  [
    { count: 'money', at_least: 0.000001 },
    ['at_least must be an amount above 0 to 1000000000 with at most 5 decimals, got 0.000001'],
  ],
  [{ last_days: 0 }, ['last_days must be a whole number from 1 to 36500, got 0']],
  [{ last_days: 3, to: '2024-01-01' }, ['to is not allowed beside last_days, got "2024-01-01"']],
  [{ from: '2023-02-29' }, ['from must be a day YYYY-MM-DD, got "2023-02-29"']],
  [{ to: '2024-01-01 00:00:00' }, ['to must be a day YYYY-MM-DD, got "2024-01-01 00:00:00"']],
  [{ from: '2024-01-01', to: '2024-01-01' }, ['to must be after 2024-01-01, as from is, got "2024-01-01"']],
  [
    { count: 'days_since_last_order', last_days: 3 },
    ['last_days is not allowed where days_since_last_order is counted, got 3'],
  ],
  [
    { count: 'days_since_last_order', at_least: 36_501 },
    ['at_least must be a whole number from 1 to 36500, got 36501'],
  ],
  [
    { count: 'first_order' },
    [
      'match is not allowed where first_order is counted, got {"product_pattern":"пицц"}',
      'at_least is not allowed where first_order is counted, got 10',
      'last_days is missing: first_order has last_days, from or to',
    ],
  ],
])('refuses a condition with %j', (changes, expected) => {
  expect(errorsOf(changes)).toEqual(expected);
});
