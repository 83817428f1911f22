import { expect, it } from 'vitest';
import { daysBefore, localTime, secondsSince } from './local-time';

it.each([
  ['2024-03-01T10:00:00.999Z', 'UTC', '2024-03-01 10:00:00'],
  ['2024-02-29T21:00:00Z', 'Europe/Moscow', '2024-03-01 00:00:00'],
  ['2024-03-01T00:00:00Z', 'America/New_York', '2024-02-29 19:00:00'],
  ['2024-03-01T09:05:07Z', 'Asia/Kathmandu', '2024-03-01 14:50:07'],
])('at %s clocks in %s, %s', (instant, zone, local) => {
  expect(localTime(new Date(instant), zone)).toBe(local);
});

it.each([
  ['2024-03-01 00:00:00', 1, '2024-02-29 00:00:00'],
  ['2024-03-31 02:30:00', 30, '2024-03-01 02:30:00'],
  ['2024-03-01 23:59:59', 36_500, '1924-03-26 23:59:59'],
])('%s less %i days is %s', (local, days, earlier) => {
  expect(daysBefore(local, days)).toBe(earlier);
});

it.each([
  ['2024-03-01 10:00:00.5', '2024-03-01T10:00:02.750Z', 'UTC', 2.25],
  ['2024-03-01 13:00:00', '2024-03-01T10:00:00.125Z', 'Europe/Moscow', 0.125],
  ['2024-02-29 19:00:00.000000', '2024-03-01T00:00:00.000Z', 'America/New_York', 0],
  ['2024-03-01 10:00:01', '2024-03-01T10:00:00.000Z', 'UTC', -1],
])('%s is, at %s in %s, %f seconds ago', (time, now, zone, seconds) => {
  expect(secondsSince(time, new Date(now), zone)).toBe(seconds);
});
