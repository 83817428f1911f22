import { expect, it } from 'vitest';
import { histogramBars } from './histogram';

const counts = (...numbers: [number, number][]) => numbers.map(([number, users]) => ({ number, users }));

it('has a bar for each small number, also those that no guest has', () => {
  expect(histogramBars(counts([1, 50], [2, 30], [4, 2]), false)).toEqual([
    { from: 1, to: 1, users: 50 },
    { from: 2, to: 2, users: 30 },
    { from: 3, to: 3, users: 0 },
    { from: 4, to: 4, users: 2 },
  ]);
});

it('has none without guests', () => {
  expect(histogramBars([], true)).toEqual([]);
});

it.each([
  ['whole numbers', false],
  ['money', true],
])('has at most 40 bars of equal, round width over all of many %s', (_name, isMoney) => {
  const many = Array.from({ length: 3_000 }, (_, place) => ({
    number: place + 1 + (isMoney ? 0.25 : 0),
    users: 2,
  }));
  const bars = histogramBars(many, isMoney);
  expect(bars.length).toBeLessThanOrEqual(40);
  expect(bars.length).toBeGreaterThan(20);
  expect(bars.reduce((sum, { users }) => sum + users, 0)).toBe(6_000);
  expect(new Set(bars.slice(1).map(({ from }, place) => from - bars[place]!.from))).toEqual(new Set([100]));
  expect(bars.slice(1).every(({ from }, place) => from === bars[place]!.to + (isMoney ? 0 : 1))).toBe(true);
});

it('puts what is far beyond into the last bar', () => {
  const bars = histogramBars([...counts([1, 900], [2, 97], [5, 2]), { number: 100_000, users: 1 }], false);
  expect(bars).toHaveLength(40);
  expect(bars[0]).toEqual({ from: 1, to: 1, users: 900 });
  expect(bars.at(-1)).toEqual({ from: 40, to: 100_000, users: 1 });
});
