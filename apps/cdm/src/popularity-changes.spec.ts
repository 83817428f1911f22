import { expect, it } from 'vitest';
import { popularityChanges } from './popularity-changes';

it('adds up the orders of all users, and tells of the users', () => {
  const counters = [
    { grain: ['p2', 'u1'] as [string, string], by: 2 },
    { grain: ['p1', 'u1'] as [string, string], by: 1 },
    { grain: ['p1', 'u2'] as [string, string], by: -3 },
  ];
  expect(popularityChanges(counters, 0, new Map([['p1', -1]]))).toEqual([
    { id: 'p1', orders: -2, users: -1 },
    { id: 'p2', orders: 2, users: 0 },
  ]);
  expect(popularityChanges(counters, 1, new Map())).toEqual([
    { id: 'u1', orders: 3, users: 0 },
    { id: 'u2', orders: -3, users: 0 },
  ]);
});

it('leaves out what stays as it is, and keeps what only changes its users', () => {
  const moved = [
    { grain: ['p1', 'u1'] as [string, string], by: -1 },
    { grain: ['p1', 'u2'] as [string, string], by: 1 },
  ];
  expect(popularityChanges(moved, 0, new Map([['p1', 0]]))).toEqual([]);
  expect(popularityChanges(moved, 0, new Map([['p1', 1]]))).toEqual([{ id: 'p1', orders: 0, users: 1 }]);
});
