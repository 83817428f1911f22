import { describe, expect, it } from 'vitest';
import type { Conditions } from './answers';
import { counting, formOf, inputOf, newCondition, newForm, numberOf } from './rule-form';

/** Rules of every shape that the API takes. */
const rules: Conditions[] = [
  { all_of: [{ count: 'orders', match: { product_pattern: 'пицц' }, at_least: 10 }] },
  {
    all_of: [
      { count: 'orders', match: { product_pattern: ['пицц', 'pizza'] }, at_least: 10 },
      { not: true, count: 'orders', match: { product_pattern: 'пицц' }, at_least: 1, last_days: 30 },
    ],
  },
  {
    any_of: [
      { count: 'items', match: { category: 'Супы' }, at_least: 3, at_most: 8 },
      {
        all_of: [
          { count: 'money', at_least: 5000.5, from: '2026-01-01', to: '2026-07-01' },
          { count: 'days_since_last_order', match: { restaurant_id: 'r1' }, at_most: 7 },
        ],
      },
      { count: 'first_order', from: '2026-01-01' },
      { count: 'first_order', last_days: 30 },
      { not: true, count: 'money', match: { product_id: ['a', 'b'] }, at_most: 0, to: '2026-07-01' },
    ],
  },
];

describe('a form', () => {
  it.each(rules)('gives back the rule that it came from: %j', (conditions) => {
    const rule = { tag: 'a tag', enabled: false, conditions };
    expect(inputOf(formOf(rule))).toEqual(rule);
  });

  it('leaves out what was not filled in', () => {
    const [condition] = newForm().items;
    const form = {
      ...newForm(),
      tag: 'a',
      items: [{ ...newCondition(), ...condition, values: [' пицц ', ''] }],
    };
    expect(inputOf(form).conditions).toEqual({
      all_of: [{ count: 'orders', match: { product_pattern: 'пицц' }, at_least: 1 }],
    });
  });

  it('asks for a period of the first order', () => {
    expect(counting(newCondition(), 'first_order', true)).toMatchObject({
      count: 'first_order',
      not: true,
      period: 'last',
    });
    expect(counting(newCondition(), 'money', false).period).toBe('ever');
  });
});

it.each([
  ['10', 10],
  ['10,5', 10.5],
  ['1 000', 1_000],
  ['1\u00A0000.25', 1_000.25],
  ['', undefined],
  ['ten', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['1.', undefined],
])('reads %j as %j', (text, value) => {
  expect(numberOf(text)).toBe(value);
});
