import { describe, expect, it } from 'vitest';
import { epochMicros, sourceTime } from './epoch-micros';

describe('microseconds', () => {
  it.each([
    ['1970-01-01', 0],
    ['1970-01-01 00:00:00.000001', 1],
    ['2023-08-05 06:28:54', 1_691_216_934_000_000],
    ['2023-08-05T06:28:54.5', 1_691_216_934_500_000],
    ['1969-12-31 23:59:59.999999', -1],
  ])('of %s', (time, micros) => {
    expect(epochMicros(time)).toBe(micros);
  });

  it.each([
    '1970-01-01 00:00:00.000001',
    '2023-08-05 06:28:54',
    '2023-08-05 06:28:54.5',
    '1969-12-31 23:59:59.999999',
  ])('are %s again', (time) => {
    expect(sourceTime(epochMicros(time))).toBe(time);
  });
});
