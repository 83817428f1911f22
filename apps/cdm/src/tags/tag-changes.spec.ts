import { expect, it } from 'vitest';
import { activeRule, type ActiveRule } from './active-rules';
import { tagChanges, type Holding } from './tag-changes';

function rule(id: string, tag: string, isPending = false): ActiveRule {
  const conditions = { all_of: [{ count: 'orders' as const, at_least: 3 }] };
  return activeRule({ id, tag, conditions, isPending, products: [] });
}

const nobody: Holding = {
  userId: 'anna',
  sourceUserId: 'a',
  lastEvent: 0,
  tags: [],
  states: {},
  expired: [],
};

const yes = (orders: number) => ({ holds: true, orders });
const no = (orders: number) => ({ holds: false, orders });

function reported(holding: Partial<Holding>, rules: ActiveRule[], ...judged: string[]) {
  return tagChanges({ ...nobody, ...holding }, rules, new Set(judged)).map(
    ({ eventNumber, event, tag, orders }) => [eventNumber, event, tag, orders],
  );
}

const two = [rule('1', 'lover'), rule('2', 'lover')];

it('assigns what a rule gives, and nothing else', () => {
  expect(reported({ states: { '1': no(2) } }, two)).toEqual([]);
  expect(reported({}, two)).toEqual([]);
  expect(reported({ states: { '1': yes(3) } }, two)).toEqual([[1, 'assigned', 'lover', 3]]);
  expect(reported({ states: { '1': yes(0) } }, two)).toEqual([[1, 'assigned', 'lover', 0]]);
});

it('leaves a tag that is held, and numbers go on', () => {
  expect(reported({ states: { '1': yes(4) }, tags: ['lover'] }, two)).toEqual([]);
  expect(reported({ states: { '1': no(2) }, tags: ['lover'], lastEvent: 7 }, two)).toEqual([
    [8, 'revoked', 'lover', 2],
  ]);
});

it('holds a tag while any of its rules does, and reports the greatest number', () => {
  expect(reported({ states: { '1': no(1), '2': yes(5) }, tags: ['lover'] }, two)).toEqual([]);
  expect(reported({ states: { '1': yes(4), '2': no(6) } }, two)).toEqual([[1, 'assigned', 'lover', 6]]);
});

it('revokes what no rule gives any more, before it assigns, each by name', () => {
  const rules = [rule('1', 'd'), rule('2', 'c')];
  expect(reported({ states: { '1': yes(3), '2': yes(3) }, tags: ['b', 'a'] }, rules)).toEqual([
    [1, 'revoked', 'a', 0],
    [2, 'revoked', 'b', 0],
    [3, 'assigned', 'c', 3],
    [4, 'assigned', 'd', 3],
  ]);
});

it('leaves to others what is pending or expired, unless it was judged just now', () => {
  const pending = [rule('1', 'lover', true)];
  expect(reported({ states: { '1': yes(9) } }, pending)).toEqual([]);
  expect(reported({ tags: ['lover'] }, pending)).toEqual([]);
  expect(reported({ tags: ['lover'] }, pending, '1')).toEqual([[1, 'revoked', 'lover', 0]]);
  expect(reported({ states: { '1': yes(9) }, expired: ['1'] }, two)).toEqual([]);
  expect(reported({ states: { '1': yes(9), '2': yes(5) }, expired: ['1'] }, two)).toEqual([
    [1, 'assigned', 'lover', 5],
  ]);
});

it('says whose event it is', () => {
  expect(tagChanges({ ...nobody, states: { '1': yes(3) } }, two, new Set())).toMatchObject([
    { userId: 'anna', sourceUserId: 'a' },
  ]);
});
