import { describe, expect, it } from 'vitest';
import type { Condition, Conditions } from './conditions';
import { emptyGuest, ruleState, type ConditionState } from './guest-counts';

const counted: Condition = { count: 'orders', at_least: 1 };

function known(
  holds: boolean,
  until: string | null = null,
  slack: number | null = null,
  matched = 0,
): ConditionState {
  return { holds, until, slack, matched };
}

const all: Conditions = { all_of: [counted, counted] };
const any: Conditions = { any_of: [counted, counted] };

describe('where all must hold', () => {
  it('holds until the first of them changes', () => {
    expect(ruleState(all, [known(true, '2024-03-02', 3), known(true, '2024-03-01', null)])).toMatchObject({
      holds: true,
      until: '2024-03-01',
      slack: 3,
      watched: 0b01,
    });
  });

  it('does not hold as long as the one that stays false for longest', () => {
    expect(ruleState(all, [known(false, '2024-03-02', 1), known(false, null, 7)])).toMatchObject({
      holds: false,
      until: null,
      slack: 7,
      watched: 0b10,
    });
    expect(ruleState(all, [known(false, null, 2), known(false, null, 5)])).toMatchObject({
      slack: 5,
    });
  });
});

it('relies on orders of a dish rather than on more of any kind, which come more often', () => {
  const dish: Condition = { ...counted, match: { product_id: 'soup' } };
  const states = [known(false, null, 5), known(false, null, 3)];
  expect(ruleState({ all_of: [counted, dish] }, states)).toMatchObject({ slack: 3, watched: 0b10 });
  expect(ruleState({ all_of: [counted, counted] }, states)).toMatchObject({ slack: 5, watched: 0b01 });
});

describe('where any suffices', () => {
  it('holds as long as the one that stays true for longest', () => {
    expect(ruleState(any, [known(true, '2024-03-02', null), known(false, null, 1)])).toMatchObject({
      holds: true,
      until: '2024-03-02',
      slack: null,
      watched: 0,
    });
  });

  it('does not hold until the first of them changes', () => {
    expect(ruleState(any, [known(false, null, 4), known(false, '2024-03-02', 9)])).toMatchObject({
      holds: false,
      until: '2024-03-02',
      slack: 4,
      watched: 0b11,
    });
  });
});

it('turns round what is negated', () => {
  const lapsed: Conditions = { all_of: [counted, { ...counted, not: true }] };
  expect(ruleState(lapsed, [known(true, null, null, 12), known(true, '2024-03-02', null, 3)])).toEqual({
    holds: false,
    until: '2024-03-02',
    slack: null,
    watched: 0,
    orders: 12,
    isMatched: true,
  });
});

it.each<[string, Condition, boolean, number | null]>([
  ['at least', { count: 'orders', at_least: 10 }, false, 10],
  ['at most', { count: 'orders', at_most: 2 }, true, 3],
  ['between', { count: 'orders', at_least: 4, at_most: 5 }, false, 4],
  ['nothing', { count: 'orders', at_most: 0 }, true, 1],
  ['money', { count: 'money', at_least: 500 }, false, 1],
  ['not', { not: true, count: 'items', at_least: 500 }, true, 1],
  ['long ago', { count: 'days_since_last_order', at_least: 30 }, true, 1],
  ['lately', { count: 'days_since_last_order', at_most: 30 }, false, 1],
  ['the first order', { count: 'first_order', last_days: 30 }, false, 1],
])('knows of a guest without orders: %s', (_, condition, holds, slack) => {
  expect(emptyGuest({ all_of: [condition] })).toEqual({
    holds,
    until: null,
    slack,
    watched: 1,
    orders: 0,
    isMatched: false,
  });
});
