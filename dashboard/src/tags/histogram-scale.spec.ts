import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistogramScale } from './histogram-scale';

const bar = (from: number, to: number) => ({ from, to, users: 1 });
const whole = new HistogramScale([bar(1, 2), bar(3, 4), bar(5, 6), bar(7, 46)], true);
const money = new HistogramScale([bar(0, 500), bar(500, 1_000)], false);

describe('the scale of a histogram', () => {
  it('places whole numbers where their share of a bar begins and ends', () => {
    expect([1, 2, 3, 7, 27, 47, 0].map((value) => whole.begin(value))).toEqual([
      0, 0.125, 0.25, 0.75, 0.875, 1, 0,
    ]);
    expect([1, 2, 46, 100].map((value) => whole.end(value))).toEqual([0.125, 0.25, 1, 1]);
    expect([whole.least, whole.most]).toEqual([1, 46]);
  });

  it('places money at its share of a bar', () => {
    expect([0, 250, 500, 1_000].map((value) => money.begin(value))).toEqual([0, 0.25, 0.5, 1]);
    expect(money.end(250)).toBe(0.25);
    expect([money.least, money.most]).toEqual([0, 1_000]);
  });

  it('reads back every number from where it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 46 }), (value) => {
        expect(whole.at(whole.begin(value))).toBe(value);
      }),
    );
    expect([-1, 0, 2].map((position) => whole.at(position))).toEqual([1, 1, 46]);
    expect(money.at(0.3)).toBe(300);
  });
});
