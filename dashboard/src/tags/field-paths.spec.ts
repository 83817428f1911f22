import { describe, expect, it } from 'vitest';
import { fieldAt, fieldsOf, pathOf, placedConditions } from './field-paths';
import { formOf } from './rule-form';

const form = formOf({
  tag: 'a',
  enabled: true,
  conditions: {
    any_of: [
      { count: 'orders', match: { product_pattern: ['a', 'b'] }, at_least: 1, at_most: 2 },
      {
        all_of: [
          { count: 'first_order', last_days: 30 },
          { count: 'money', at_least: 1, from: '2026-01-01', to: '2026-02-01' },
        ],
      },
    ],
  },
});

describe('the fields of a form', () => {
  it('are those that it shows', () => {
    expect(fieldsOf(form)).toEqual([
      'tag',
      '0.count',
      '0.match',
      '0.at_least',
      '0.at_most',
      '1.0.count',
      '1.0.last_days',
      '1.1.count',
      '1.1.at_least',
      '1.1.from',
      '1.1.to',
    ]);
  });

  it.each([
    ['tag', 'tag'],
    ['conditions.any_of.0.at_least', '0.at_least'],
    ['conditions.any_of.0.match', '0.match'],
    ['conditions.any_of.0.match.product_pattern.1', '0.match'],
    ['conditions.any_of.1.all_of.1.to', '1.1.to'],
    ['conditions.any_of.1.all_of.0', '1.0.count'],
    ['conditions.any_of.1.all_of.0.not', '1.0.count'],
    ['conditions.any_of.0', '0.count'],
    ['conditions.any_of.1', '1.0.count'],
    ['conditions', undefined],
    ['histogram_of', undefined],
    ['conditions.any_of.7.at_least', undefined],
  ])('show an error at %s in %s', (path, field) => {
    expect(fieldAt(path, form)).toBe(field);
  });
});

it('conditions have the paths of the API', () => {
  expect(placedConditions(form).map(([place]) => [place, pathOf(form, place)])).toEqual([
    ['0', 'any_of.0'],
    ['1.0', 'any_of.1.all_of.0'],
    ['1.1', 'any_of.1.all_of.1'],
  ]);
});
