import { expect, it } from 'vitest';
import { pause, retryDelay } from './backoff';

it('doubles from 5 seconds to an hour, and adds up to more than a day in about 30 attempts', () => {
  expect([1, 2, 3, 10, 11, 500].map((attempts) => retryDelay(attempts, 0))).toEqual([
    5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000,
  ]);
  const all = Array.from({ length: 34 }, (_, place) => retryDelay(place + 1, 0));
  expect(all.reduce((sum, delay) => sum + delay, 0) / 3_600_000).toBeGreaterThan(24);
});

it('waits less by up to a half', () => {
  expect([retryDelay(1, 0.5), retryDelay(1, 1)]).toEqual([3_750, 2_500]);
  expect(new Set(Array.from({ length: 50 }, () => retryDelay(5))).size).toBeGreaterThan(25);
});

it('pauses from a second to a minute', () => {
  expect([1, 2, 6, 7, 500].map((failures) => pause(failures, 0))).toEqual([
    1_000, 2_000, 32_000, 60_000, 60_000,
  ]);
});
