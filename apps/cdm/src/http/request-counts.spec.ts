import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RequestCounts } from './request-counts';

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function isRefused(counts: RequestCounts, key = 'caller'): Promise<boolean> {
  return (await counts.increment(key, MINUTE, 2)).isBlocked;
}

it('takes so many requests of a caller a minute', async () => {
  const counts = new RequestCounts();
  expect(await isRefused(counts)).toBe(false);
  vi.advanceTimersByTime(20_000);
  expect(await isRefused(counts)).toBe(false);
  expect(await counts.increment('caller', MINUTE, 2)).toEqual({
    totalHits: 3,
    timeToExpire: 40,
    isBlocked: true,
    timeToBlockExpire: 40,
  });
  expect(await isRefused(counts, 'another')).toBe(false);
  vi.advanceTimersByTime(40_000);
  expect(await isRefused(counts)).toBe(false);
  expect(await isRefused(counts)).toBe(true);
});

it.each([-3_600_000, 3_600_000])('goes by no clock of the wall, which is set by %i ms here', async (step) => {
  const counts = new RequestCounts();
  await isRefused(counts);
  await isRefused(counts);
  vi.setSystemTime(Date.now() + step);
  expect(await isRefused(counts)).toBe(true);
  vi.advanceTimersByTime(MINUTE);
  expect(await isRefused(counts)).toBe(false);
});
