import { describe, expect, it } from 'vitest';
import { inSlices, withoutSmallRest } from './in-slices';

const messages = (...sizes: (number | null)[]) =>
  sizes.map((size) => ({ value: size === null ? null : Buffer.alloc(size) }));

const most = { messages: 3, bytes: 100 };
const sizesOf = (slices: ReturnType<typeof messages>[]) =>
  slices.map((slice) => slice.map(({ value }) => value?.length ?? null));

const sizes = (...sizesOfMessages: (number | null)[]) =>
  sizesOf(inSlices(messages(...sizesOfMessages), most));

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

describe('withoutSmallRest', () => {
  const sizesLeft = (...sizesOfMessages: (number | null)[]) =>
    sizesOf(withoutSmallRest(inSlices(messages(...sizesOfMessages), most), most));

  it('leaves out a last slice that is less than half full', () => {
    expect(sizesLeft(1, 2, 3, 4)).toEqual([[1, 2, 3]]);
    expect(sizesLeft(1, 2, 3, 4, 5, 6, null)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(sizesLeft(100, 49)).toEqual([[100]]);
  });

  it('keeps one that has half of the messages, or of the bytes', () => {
    expect(sizesLeft(1, 2, 3, 4, 5)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(sizesLeft(100, 50)).toEqual([[100], [50]]);
    expect(sizesLeft(10, 1_000)).toEqual([[10], [1_000]]);
  });

  it('keeps the only one', () => {
    expect(sizesLeft(1)).toEqual([[1]]);
    expect(sizesLeft()).toEqual([]);
  });
});
