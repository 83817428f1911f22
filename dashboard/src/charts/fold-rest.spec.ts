import { describe, expect, it } from 'vitest';
import { foldRest } from './fold-rest';

describe('the parts of a pie', () => {
  it('stay up to eight', () => {
    expect(foldRest([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ parts: [1, 2, 3, 4, 5, 6, 7, 8], rest: [] });
  });

  it('are eight with the rest', () => {
    expect(foldRest([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ parts: [1, 2, 3, 4, 5, 6, 7], rest: [8, 9] });
  });
});
