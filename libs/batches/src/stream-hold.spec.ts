import { describe, expect, it } from 'vitest';
import { streamHoldMs } from './stream-hold';

describe('how long a stream is held up', () => {
  it('is half a second where a message takes little', () => {
    expect(streamHoldMs(170, 500)).toBe(500);
    expect(streamHoldMs(300, 500)).toBe(500);
  });

  it('is half a second where a small batch takes as long as any', () => {
    expect(streamHoldMs(50, 20)).toBe(500);
    expect(streamHoldMs(5, 20)).toBe(500);
  });

  it('is as long as a thousand messages take, so that batches grow where the machine is busy', () => {
    expect(streamHoldMs(170, 100)).toBe(1_200);
    expect(streamHoldMs(830, 600)).toBe(1_300);
  });

  it('is two seconds at most', () => {
    expect(streamHoldMs(250, 100)).toBe(2_000);
    expect(streamHoldMs(60_000, 100)).toBe(2_000);
  });
});
