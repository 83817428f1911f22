import { expect, it } from 'vitest';
import { errorsOf, type FormError } from './form-errors';
import { newCondition, newForm, newGroup, type ConditionForm } from './rule-form';

const filled: Partial<ConditionForm> = { values: ['пицц'] };

it.each<[changes: Partial<ConditionForm>, errors: Record<string, FormError>]>([
  [{}, {}],
  [{ values: [' ', ''] }, { match: 'missing' }],
  [{ match: 'category', values: [] }, { match: 'missing' }],
  [{ match: 'any', values: [] }, {}],
  [{ atLeast: '' }, { at_least: 'missing' }],
  [{ atLeast: 'ten' }, { at_least: 'whole' }],
  [{ atLeast: '1,5' }, { at_least: 'whole' }],
  [{ atLeast: '0' }, { at_least: { least: 1, most: 1_000_000 } }],
  [{ atLeast: '1000001' }, { at_least: { least: 1, most: 1_000_000 } }],
  [{ bound: 'at_most', atMost: '0' }, {}],
  [{ count: 'days_since_last_order', atLeast: '36501' }, { at_least: { least: 1, most: 36_500 } }],
  [{ period: 'last', days: '0' }, { last_days: { least: 1, most: 36_500 } }],
  [{ count: 'money', atLeast: '1,5' }, {}],
  [{ count: 'money', atLeast: '0' }, { at_least: 'positive' }],
  [{ count: 'money', atLeast: '0,01' }, {}],
  [{ count: 'money', bound: 'at_most', atMost: '0' }, {}],
  [{ count: 'money', atLeast: '2000000000' }, { at_least: { least: 0, most: 1_000_000_000 } }],
  [{ count: 'money', atLeast: 'much' }, { at_least: 'number' }],
  [{ bound: 'at_most', atLeast: 'ten', atMost: '3' }, {}],
  [{ bound: 'between', atLeast: '5', atMost: '3' }, { at_most: 'smaller' }],
  [{ period: 'last', days: '' }, { last_days: 'missing' }],
  [{ period: 'dates' }, { from: 'dates' }],
  [{ period: 'dates', to: '2026-01-01' }, {}],
  [{ period: 'dates', from: '2026-01-02', to: '2026-01-01' }, { to: 'order' }],
  [{ count: 'days_since_last_order', period: 'dates' }, {}],
  [{ count: 'first_order', period: 'last', values: [''], atLeast: '' }, {}],
])('with %j there is wrong: %j', (changes, errors) => {
  const form = { ...newForm(), tag: 'a', items: [{ ...newCondition(), ...filled, ...changes }] };
  const expected = Object.entries(errors).map(([field, error]) => [`0.${field}`, error]);
  expect([...errorsOf(form)]).toEqual(expected);
});

it('names the fields of groups, and the tag', () => {
  expect([...errorsOf({ ...newForm(), tag: ' ', items: [newGroup()] })]).toEqual([
    ['tag', 'missing'],
    ['0.0.match', 'missing'],
  ]);
});
