import { describe, expect, it } from 'vitest';
import { foldRest } from './fold-rest';

const fold = (sizes: number[]) => {
  const { parts, rest } = foldRest(sizes, (size) => size);
  expect([...parts, ...rest]).toEqual(sizes);
  return [parts.length, rest.length];
};

describe('the parts of a chart', () => {
  it('stay up to eight', () => {
    expect(fold([9, 8, 7, 6, 5, 4, 3, 2])).toEqual([8, 0]);
    expect(fold([])).toEqual([0, 0]);
  });

  it('are eight with the rest, where it is no larger than the largest', () => {
    expect(fold([9, 8, 7, 6, 5, 4, 3, 5, 4])).toEqual([7, 2]);
  });

  it('are more, until the rest is no larger than the largest', () => {
    expect(fold([9, 8, 7, 6, 5, 4, 3, 3, 3, 3, 3])).toEqual([8, 3]);
    expect(fold([2, 2, 2, 2, 2, 2, 2, 2, 2])).toEqual([9, 0]);
  });

  it('are fifteen at most, beside the rest', () => {
    expect(fold(Array.from({ length: 100 }, () => 1))).toEqual([15, 85]);
    expect(fold(Array.from({ length: 16 }, () => 1))).toEqual([16, 0]);
  });
});
