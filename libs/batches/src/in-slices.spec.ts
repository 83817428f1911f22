import { describe, expect, it } from 'vitest';
import { inSlices } from './in-slices';

const messages = (...sizes: (number | null)[]) =>
  sizes.map((size) => ({ value: size === null ? null : Buffer.alloc(size) }));

const sizes = (...sizesOfMessages: (number | null)[]) =>
  inSlices(messages(...sizesOfMessages), 3, 100).map((slice) =>
    slice.map(({ value }) => value?.length ?? null),
  );

describe('inSlices', () => {
  it('keeps the order, and begins a new slice when one has its number of messages', () => {
    expect(sizes(1, 2, 3, 4, 5, 6, 7)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('begins a new slice before the bytes are too many', () => {
    expect(sizes(60, 40, 1, 100, 100)).toEqual([[60, 40], [1], [100], [100]]);
  });

  it('gives a message that is too large a slice of its own', () => {
    expect(sizes(10, 1_000, 10)).toEqual([[10], [1_000], [10]]);
  });

  it('counts a message without a value', () => {
    expect(sizes(null, null, null, null)).toEqual([[null, null, null], [null]]);
  });

  it('gives no slice for no message', () => {
    expect(sizes()).toEqual([]);
  });
});
