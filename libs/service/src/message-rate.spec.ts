import { expect, it } from 'vitest';
import { MessageRate } from './message-rate';

it('is the mean over the last ten seconds', () => {
  const rate = new MessageRate();
  expect(rate.sample(100, 0)).toBe(0);
  expect(rate.sample(120, 2_000)).toBe(10);
  expect(rate.sample(120, 4_000)).toBe(5);
  expect(rate.sample(120, 12_000)).toBe(0);
  expect(rate.sample(170, 14_000)).toBe(5);
});
