import { expect, it } from 'vitest';
import { batchOf } from './prepare-floor';

it('puts a thousand orders into each batch', () => {
  expect([0, 999, 1_000, 1_999, 2_000].map(batchOf)).toEqual([0, 0, 1, 1, 2]);
});
