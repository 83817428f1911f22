import { describe, expect, it } from 'vitest';
import { SpareBuffers } from './spare-buffers';

const MEBIBYTE = 1024 * 1024;

describe('SpareBuffers', () => {
  it.each([0, 1, 1_024, 1_025, 100_000])('gives a buffer of %d bytes at least', (size) => {
    expect(new SpareBuffers().take(size).length).toBeGreaterThanOrEqual(size);
  });

  it('gives what was given back, whole, to the next that needs as much', () => {
    const spare = new SpareBuffers();
    const first = spare.take(5_000);
    spare.give(first.subarray(10, 20));
    expect(spare.take(10_000).buffer).not.toBe(first.buffer);
    const again = spare.take(8_000);
    expect(again.buffer).toBe(first.buffer);
    expect(again.length).toBe(first.length);
  });

  it('gives nothing to two', () => {
    const spare = new SpareBuffers();
    spare.give(spare.take(2_000));
    expect(spare.take(2_000).buffer).not.toBe(spare.take(2_000).buffer);
  });

  it('leaves buffers of others alone, above all those of the pool that Node shares', () => {
    const spare = new SpareBuffers();
    const pooled = Buffer.from('a text');
    spare.give(pooled);
    expect(spare.take(pooled.buffer.byteLength).buffer).not.toBe(pooled.buffer);
  });

  it('keeps eight mebibytes at most', () => {
    const spare = new SpareBuffers();
    const all = Array.from({ length: 9 }, () => spare.take(MEBIBYTE));
    all.forEach((one) => spare.give(one));
    const again = Array.from({ length: 9 }, () => spare.take(MEBIBYTE).buffer);
    const known = new Set<unknown>(all.map(({ buffer }) => buffer));
    expect(again.filter((buffer) => known.has(buffer))).toHaveLength(8);
  });
});
