import { describe, expect, it } from 'vitest';
import { endOfStep, rangeOf, stepOf } from './period';

const now = Date.parse('2023-08-20T10:00:00Z');
const newest = '2023-08-05 06:28:54';

describe('the days of a view', () => {
  it('are all, by default', () => {
    expect(rangeOf({ page: 'charts', period: 'all' }, newest, now)).toEqual({});
  });

  it('end with the day of the newest order', () => {
    expect(rangeOf({ page: 'charts', period: '7' }, newest, now)).toEqual({
      from: '2023-07-30',
      to: '2023-08-06',
    });
  });

  it('are not moved by an order of the far future', () => {
    expect(rangeOf({ page: 'charts', period: '7' }, '2999-01-01 00:00:00', now)).toEqual({
      from: '2023-08-15',
      to: '2023-08-22',
    });
  });

  it('end with the day of the moment, in the past', () => {
    const past = { page: 'charts', period: '7', knownAt: '2023-08-03T23:00:00Z' } as const;
    expect(rangeOf(past, newest, now).to).toBe('2023-08-04');
    expect(rangeOf({ ...past, trueAt: '2023-08-01 12:00:00' }, newest, now).to).toBe('2023-08-02');
    expect(rangeOf({ ...past, knownAt: '2023-08-19T23:00:00Z' }, newest, now).to).toBe('2023-08-06');
  });

  it('end today without orders', () => {
    expect(rangeOf({ page: 'charts', period: '7' }, null, now).to).toBe('2023-08-21');
  });

  it('include both ends of an own range, whichever comes first', () => {
    const range = { from: '2023-08-01', to: '2023-08-03' };
    expect(
      rangeOf({ page: 'charts', period: 'own', from: '2023-08-01', to: '2023-08-02' }, newest, now),
    ).toEqual(range);
    expect(
      rangeOf({ page: 'charts', period: 'own', from: '2023-08-02', to: '2023-08-01' }, newest, now),
    ).toEqual(range);
    expect(rangeOf({ page: 'charts', period: 'own', from: '2023-08-01' }, newest, now)).toEqual({
      from: '2023-08-01',
    });
  });
});

describe('the step', () => {
  it.each([
    [{}, 'day'],
    [{ from: '2023-08-01', to: '2023-08-03' }, 'hour'],
    [{ from: '2023-08-01', to: '2023-11-01' }, 'day'],
    [{ from: '2023-01-01', to: '2023-08-01' }, 'week'],
    [{ from: '2020-01-01', to: '2023-08-01' }, 'month'],
  ])('of %j is a %s', (range, step) => {
    expect(stepOf(range)).toBe(step);
  });
});

it.each([
  ['hour', '2024-02-28 23:00:00', '2024-02-29 00:00:00'],
  ['day', '2024-02-29 00:00:00', '2024-03-01 00:00:00'],
  ['week', '2024-12-30 00:00:00', '2025-01-06 00:00:00'],
  ['month', '2024-12-01 00:00:00', '2025-01-01 00:00:00'],
] as const)('a step ends where the next begins: a %s', (step, start, end) => {
  expect(endOfStep(start, step)).toBe(end);
});
