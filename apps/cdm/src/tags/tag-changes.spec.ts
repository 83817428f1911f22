import { expect, it } from 'vitest';
import type { ActiveRule } from './active-rules';
import { tagChanges, type Holding } from './tag-changes';

function rule(id: string, tag: string, changes: Partial<ActiveRule> = {}): ActiveRule {
  return {
    id,
    tag,
    category: null,
    product_id: 'soup',
    product_pattern: null,
    restaurant_id: null,
    min_orders: 3,
    window_days: null,
    match: { kind: 'product', id: 'soup' },
    isPending: false,
    products: new Set(),
    ...changes,
  };
}

const nobody: Holding = {
  userId: 'anna',
  sourceUserId: 'a',
  lastEvent: 0,
  tags: [],
  counts: {},
  expired: [],
};

function told(holding: Partial<Holding>, rules: ActiveRule[], recounted: Record<string, number> = {}) {
  return tagChanges({ ...nobody, ...holding }, rules, new Map(Object.entries(recounted))).map(
    ({ eventNumber, event, tag, orders }) => [eventNumber, event, tag, orders],
  );
}

const two = [rule('1', 'lover'), rule('2', 'lover', { min_orders: 5 })];

it('assigns at the threshold, and not below', () => {
  expect(told({ counts: { '1': 2 } }, two)).toEqual([]);
  expect(told({ counts: { '1': 3 } }, two)).toEqual([[1, 'assigned', 'lover', 3]]);
});

it('leaves a tag that is held, and numbers go on', () => {
  expect(told({ counts: { '1': 4 }, tags: ['lover'] }, two)).toEqual([]);
  expect(told({ counts: { '1': 2 }, tags: ['lover'], lastEvent: 7 }, two)).toEqual([
    [8, 'revoked', 'lover', 2],
  ]);
});

it('holds a tag while any of its rules does, and tells the greatest count', () => {
  expect(told({ counts: { '1': 1, '2': 5 }, tags: ['lover'] }, two)).toEqual([]);
  expect(told({ counts: { '1': 4, '2': 6 } }, two)).toEqual([[1, 'assigned', 'lover', 6]]);
});

it('revokes what no rule gives any more, before it assigns, each by name', () => {
  const rules = [rule('1', 'd'), rule('2', 'c')];
  expect(told({ counts: { '1': 3, '2': 3 }, tags: ['b', 'a'] }, rules)).toEqual([
    [1, 'revoked', 'a', 0],
    [2, 'revoked', 'b', 0],
    [3, 'assigned', 'c', 3],
    [4, 'assigned', 'd', 3],
  ]);
});

it('believes a new count more than a stored one', () => {
  expect(told({ counts: { '1': 3 } }, two, { '1': 2 })).toEqual([]);
  expect(told({ tags: ['lover'] }, two, { '1': 2 })).toEqual([[1, 'revoked', 'lover', 2]]);
});

it('leaves to others what is pending or expired, unless it was counted just now', () => {
  const pending = [rule('1', 'lover', { isPending: true })];
  expect(told({ counts: { '1': 9 } }, pending)).toEqual([]);
  expect(told({ tags: ['lover'] }, pending)).toEqual([]);
  expect(told({ tags: ['lover'] }, pending, { '1': 0 })).toEqual([[1, 'revoked', 'lover', 0]]);
  expect(told({ counts: { '1': 9 }, expired: ['1'] }, two)).toEqual([]);
  expect(told({ counts: { '1': 9, '2': 5 }, expired: ['1'] }, two)).toEqual([[1, 'assigned', 'lover', 5]]);
});

it('tells whose event it is', () => {
  expect(tagChanges({ ...nobody, counts: { '1': 3 } }, two, new Map())).toMatchObject([
    { userId: 'anna', sourceUserId: 'a' },
  ]);
});
