import { expect, it } from 'vitest';
import type { View } from '../questions/address';
import type { Popular } from '../questions/answers';
import type { Scene } from '../scene/chart';
import { Format } from '../scene/format';
import { texts } from '../scene/texts';
import { categoryShares } from './category-shares';

const scene = {
  t: texts.en,
  format: new Format('en-GB'),
  look: { rest: 'grey', card: 'white', ink: 'black', faint: 'black', line: 'black' },
  colors: { of: (id: string) => `colour of ${id}` },
} as unknown as Scene;

/** Of 100 guests. */
const answer = (...guests: number[]): Popular[] =>
  guests.map((value, place) => ({ id: `c${place}`, name: `Category ${place}`, value, share: value / 100 }));

const bars: View = { page: 'charts', period: 'all' };
const ring: View = { ...bars, rings: ['users'] };

interface Series {
  id: string;
  radius: [string, string];
  startAngle: number;
  endAngle: number | 'auto';
  data: { name: string; value: number; itemStyle: { color: string } }[];
}

function draw(view: View, ...guests: number[]) {
  const drawing = categoryShares('users').draw(answer(...guests), scene, 600, view);
  return { ...drawing, series: (drawing.option?.series ?? []) as Series[] };
}

const many = [80, 60, 50, 40, 30, 20, 10, 9, 8, 7, 6, 5];

it('are bars first, each a part of all guests, the rest without a bar', () => {
  const { legend, option } = draw(bars, ...many);
  expect(option).toBeUndefined();
  expect(legend!.map(({ length }) => length)).toEqual([
    1,
    0.75,
    0.625,
    0.5,
    0.375,
    0.25,
    0.125,
    0.1125,
    0.1,
    undefined,
  ]);
  expect(legend![1]!.figures).toEqual(['60', '60%']);
  expect(legend!.at(-1)).toEqual({
    name: 'Other: 3 categories',
    color: 'grey',
    figures: [],
    detail: 'Category 9, Category 10, Category 11',
  });
});

it('are all bars, up to ten', () => {
  const { legend } = draw(bars, ...many.slice(0, 10));
  expect(legend).toHaveLength(10);
  expect(legend!.every(({ length }) => length !== undefined)).toBe(true);
});

it('are parts of the sum in a ring, which add up to it', () => {
  const { legend, series, spoken } = draw(ring, 50, 30, 20);
  expect(legend!.map(({ figures }) => figures)).toEqual([
    ['50', '50%'],
    ['30', '30%'],
    ['20', '20%'],
  ]);
  expect(series).toHaveLength(1);
  expect(series[0]!.endAngle).toBe('auto');
  expect(spoken).toBe(
    'Chart: Categories by guests, Shares of the sum. Category 0: 50%, Category 1: 30%, Category 2: 20%',
  );
});

it('of which the rest is the last part of the ring, thin and grey', () => {
  const { legend, series } = draw(ring, ...many);
  const sum = many.reduce((all, value) => all + value, 0);
  expect(legend!.at(-1)).toMatchObject({
    name: 'Other: 5 categories',
    color: 'grey',
    figures: ['', '10.8%'],
  });
  const [shown, rest] = series as [Series, Series];
  expect(shown.data.map(({ value }) => value)).toEqual(many.slice(0, 7));
  expect(rest.data.map(({ itemStyle }) => itemStyle.color)).toEqual(['grey']);
  const ofRest = many.slice(7).reduce((all, value) => all + value, 0) / sum;
  expect(rest.startAngle).toBeCloseTo(-270 + 360 * ofRest, 9);
  expect(shown.endAngle).toBe(rest.startAngle);
  expect(rest.endAngle).toBe(-270);
  const thickness = ({ radius: [inner, outer] }: Series) =>
    Number.parseInt(outer, 10) - Number.parseInt(inner, 10);
  expect(thickness(rest)).toBeLessThan(thickness(shown) / 3);
});

it('have a table with shares of all and of the sum', () => {
  const chart = categoryShares('users');
  const columns = chart.columns(scene, { view: bars, filters: new URLSearchParams() });
  const rows = chart.rows(answer(60, 40, 20)).map((row) => columns.map(({ value }) => value(row)));
  expect(columns.map(({ name }) => name)).toEqual([
    'Category',
    'Guests',
    'Share of all guests',
    'Share of the sum',
  ]);
  expect(rows[0]).toEqual(['Category 0', 60, 0.6, 0.5]);
});
