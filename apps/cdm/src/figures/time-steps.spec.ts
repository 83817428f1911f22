import { expect, it } from 'vitest';
import { epochMicros, sourceTime } from './epoch-micros';
import { nextStep, stepBegin } from './time-steps';

it.each([
  ['hour', '2024-02-29 13:59:59.999999', '2024-02-29 13:00:00', '2024-02-29 14:00:00'],
  ['hour', '1969-12-31 23:30:00', '1969-12-31 23:00:00', '1970-01-01 00:00:00'],
  ['day', '2024-02-29 13:59:59', '2024-02-29 00:00:00', '2024-03-01 00:00:00'],
  ['week', '2024-03-03 23:59:59', '2024-02-26 00:00:00', '2024-03-04 00:00:00'],
  ['week', '2024-03-04 00:00:00', '2024-03-04 00:00:00', '2024-03-11 00:00:00'],
  ['week', '1969-12-29 12:00:00', '1969-12-29 00:00:00', '1970-01-05 00:00:00'],
  ['month', '2023-12-31 23:59:59', '2023-12-01 00:00:00', '2024-01-01 00:00:00'],
  ['month', '0099-03-15 12:00:00', '0099-03-01 00:00:00', '0099-04-01 00:00:00'],
] as const)('a %s with %s begins at %s', (step, time, begin, next) => {
  expect(sourceTime(stepBegin(epochMicros(time), step))).toBe(begin);
  expect(sourceTime(nextStep(epochMicros(begin), step))).toBe(next);
});
