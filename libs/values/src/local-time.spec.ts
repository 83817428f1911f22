import fc from 'fast-check';
import { expect, it } from 'vitest';
import { daysBefore, latestLocalTime, localTime, secondsSince } from './local-time';

/**
 * Their clocks are set forward and back, by an hour or half an hour, at midnight or in the night, by rule or by decree.
 */
const changingZones = [
  'Africa/Cairo',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/Moscow',
];
const changes = new Map(changingZones.map((zone) => [zone, findChanges(zone)]));

/** Days of fifty years on which the clocks of a zone were set, as milliseconds of the hour of that. */
function findChanges(zone: string): number[] {
  const hour = 3_600_000;
  const offset = (time: number) => Date.parse(`${localTime(new Date(time), zone).replace(' ', 'T')}Z`) - time;
  const days = Array.from({ length: 18_250 }, (_, day) => Date.UTC(1980, 0, 1) + day * 24 * hour);
  return days
    .filter((day) => offset(day) !== offset(day + 24 * hour))
    .map((day) => {
      const hours = Array.from({ length: 24 }, (_, after) => day + after * hour);
      return hours.find((time) => offset(time) !== offset(time + hour))!;
    });
}

it.each([
  ['2024-03-01T10:00:00.999Z', 'UTC', '2024-03-01 10:00:00'],
  ['2024-02-29T21:00:00Z', 'Europe/Moscow', '2024-03-01 00:00:00'],
  ['2024-03-01T00:00:00Z', 'America/New_York', '2024-02-29 19:00:00'],
  ['2024-03-01T09:05:07Z', 'Asia/Kathmandu', '2024-03-01 14:50:07'],
])('at %s clocks in %s, %s', (instant, zone, local) => {
  expect(localTime(new Date(instant), zone)).toBe(local);
});

it.each([
  ['2024-10-27T00:59:59Z', 'Europe/Berlin', '2024-10-27 02:59:59'],
  ['2024-10-27T01:00:00Z', 'Europe/Berlin', '2024-10-27 02:59:59'],
  ['2024-10-27T01:59:59Z', 'Europe/Berlin', '2024-10-27 02:59:59'],
  ['2024-10-27T02:00:00Z', 'Europe/Berlin', '2024-10-27 03:00:00'],
  ['2024-03-31T01:00:00Z', 'Europe/Berlin', '2024-03-31 03:00:00'],
  ['2024-04-06T15:00:00Z', 'Australia/Lord_Howe', '2024-04-07 01:59:59'],
  ['2024-04-06T15:30:00Z', 'Australia/Lord_Howe', '2024-04-07 02:00:00'],
  ['2018-02-18T02:30:00Z', 'America/Sao_Paulo', '2018-02-17 23:59:59'],
  ['2014-10-25T22:30:00Z', 'Europe/Moscow', '2014-10-26 01:59:59'],
])('up to %s clocks in %s have shown %s', (instant, zone, local) => {
  expect(latestLocalTime(new Date(instant), zone)).toBe(local);
});

it('never goes back, and is what clocks show, but for what they show for the second time', () => {
  const zones = fc.constantFrom(...changingZones);
  const near = fc.integer({ min: -10_800_000, max: 10_800_000 });
  fc.assert(
    fc.property(zones, fc.nat(), near, near, (zone, number, one, other) => {
      const times = changes.get(zone)!;
      const change = times[number % times.length]!;
      const [first, second] = [one, other].sort((a, b) => a - b).map((away) => new Date(change + away)) as [
        Date,
        Date,
      ];
      const latest = latestLocalTime(first, zone);
      expect(latest <= latestLocalTime(second, zone)).toBe(true);
      expect(latest >= localTime(first, zone)).toBe(true);
      expect(latest).toBe(latest > localTime(first, zone) ? lastBefore(first, zone) : localTime(first, zone));
    }),
    { numRuns: 1_000 },
  );
});

/** By looking at each minute of a day, and the second before it. */
function lastBefore(instant: Date, zone: string): string {
  const minute = Math.floor(instant.getTime() / 60_000);
  const shown = Array.from({ length: 1_440 }, (_, back) =>
    localTime(new Date((minute - back) * 60_000 - 1_000), zone),
  );
  return shown.reduce((latest, one) => (one > latest ? one : latest));
}

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
