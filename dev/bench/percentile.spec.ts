import { describe, expect, it } from 'vitest';
import { median, percentile } from './percentile';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
    [0.001, 1],
  ])('of the share %d of 1 to 100 is %d', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('is always one of the values', () => {
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([2, 10], 0.5)).toBe(2);
    expect(percentile([2, 10], 0.51)).toBe(10);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('is refused without values', () => {
    expect(() => percentile([], 0.5)).toThrow('There is no percentile 0.5 of 0 values.');
  });
});

describe('median', () => {
  it('is the value in the middle', () => expect(median([30, 10, 20])).toBe(20));
  it('is halfway between the two in the middle', () => expect(median([1, 2, 4, 9])).toBe(3));
  it('is the only value', () => expect(median([5])).toBe(5));
});
