import { describe, expect, it } from 'vitest';
import {
  combine,
  fromOldForm,
  listConditions,
  reportedCondition,
  toOldForm,
  type Conditions,
} from './conditions';

const pizza = { count: 'orders', match: { product_pattern: 'пицц' }, at_least: 10 } as const;
const lately = {
  not: true,
  count: 'orders',
  match: { product_pattern: 'пицц' },
  at_least: 1,
  last_days: 30,
} as const;
const first = { count: 'first_order', from: '2024-01-01' } as const;
const nested: Conditions = { all_of: [first, { any_of: [lately, pizza] }, pizza] };

it('lists conditions with their paths', () => {
  expect(listConditions(nested)).toEqual([
    { path: 'all_of.0', condition: first },
    { path: 'all_of.1.any_of.0', condition: lately },
    { path: 'all_of.1.any_of.1', condition: pizza },
    { path: 'all_of.2', condition: pizza },
  ]);
});

it('combines as the rule joins', () => {
  const text = combine(
    nested,
    ['a', 'b', 'c', 'd'],
    (all) => `(${all.join(' and ')})`,
    (any) => `(${any.join(' or ')})`,
  );
  expect(text).toBe('(a and (b or c) and d)');
});

it('reports the orders of the first condition that counts and is not negated', () => {
  expect(reportedCondition(nested)).toBe(2);
  expect(reportedCondition({ any_of: [lately, first] })).toBe(-1);
});

describe('the old form', () => {
  it.each([
    { match: { category: 'Супы' }, min_orders: 3 },
    { match: { product_pattern: 'пицц' }, min_orders: 1, window_days: 30 },
  ])('%j is one condition, and back', (rule) => {
    expect(toOldForm(fromOldForm(rule))).toEqual(rule);
  });

  it('says one value of a list', () => {
    const match = { restaurant_id: ['r1'] };
    expect(toOldForm({ any_of: [{ count: 'orders', match, at_least: 2 }] })).toEqual({
      match: { restaurant_id: 'r1' },
      min_orders: 2,
    });
  });

  it.each<[string, Conditions]>([
    ['two conditions', { all_of: [pizza, pizza] }],
    ['a group', { all_of: [{ all_of: [pizza] }] }],
    ['a negated one', { all_of: [{ ...pizza, not: true }] }],
    ['at most', { all_of: [{ ...pizza, at_most: 20 }] }],
    ['a fixed period', { all_of: [{ ...pizza, from: '2024-01-01' }] }],
    ['money', { all_of: [{ ...pizza, count: 'money' }] }],
    ['any order', { all_of: [{ count: 'orders', at_least: 1 }] }],
    ['several values', { all_of: [{ ...pizza, match: { category: ['a', 'b'] } }] }],
    ['the first order', { all_of: [first] }],
  ])('cannot say %s', (_, conditions) => {
    expect(toOldForm(conditions)).toBeUndefined();
  });
});
