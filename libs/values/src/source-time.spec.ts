import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTime, sortableTime } from './source-time';

const valid: [text: string, canonical: string][] = [
  ['2023-08-05 06:28:54', '2023-08-05 06:28:54'],
  ['2023-08-05T06:28:54', '2023-08-05 06:28:54'],
  ['2023-08-05 06:28:54.5', '2023-08-05 06:28:54.5'],
  ['2023-08-05 06:28:54.500000', '2023-08-05 06:28:54.5'],
  ['2023-08-05 06:28:54.000001', '2023-08-05 06:28:54.000001'],
  ['2023-08-05 06:28:54.000000', '2023-08-05 06:28:54'],
  ['2024-02-29 00:00:00', '2024-02-29 00:00:00'],
  ['2000-02-29 23:59:59', '2000-02-29 23:59:59'],
  ['0001-01-01 00:00:00', '0001-01-01 00:00:00'],
  ['9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999'],
];

const invalid: unknown[][] = [
  [''],
  ['2023-08-05'],
  ['2023-08-05 06:28'],
  ['2023-08-05  06:28:54'],
  ['2023-08-05t06:28:54'],
  ['2023-08-05 06:28:54Z'],
  ['2023-08-05 06:28:54+00'],
  ['2023-08-05 06:28:54.'],
  ['2023-08-05 06:28:54.1234567'],
  ['2023-08-05 06:28:54,5'],
  [' 2023-08-05 06:28:54'],
  ['2023-08-05 06:28:54\n'],
  ['2023-8-5 06:28:54'],
  ['12023-08-05 06:28:54'],
  ['-2023-08-05 06:28:54'],
  ['0000-01-01 00:00:00'],
  ['2023-00-01 00:00:00'],
  ['2023-13-01 00:00:00'],
  ['2023-01-00 00:00:00'],
  ['2023-04-31 00:00:00'],
  ['2023-02-29 00:00:00'],
  ['1900-02-29 00:00:00'],
  ['2023-08-05 24:00:00'],
  ['2023-08-05 00:60:00'],
  ['2023-08-05 23:59:60'],
  ['２０２３-08-05 06:28:54'],
  [undefined],
  [null],
  [1691216934],
  [['2023-08-05 06:28:54']],
];

const padded = (length: number) => (value: number) => String(value).padStart(length, '0');
const fraction = fc.integer({ min: 0, max: 999_999 }).map(padded(6));
const anyClock = fc.tuple(...[24, 60, 60].map((limit) => fc.integer({ min: 0, max: limit }).map(padded(2))));
const anyDay = fc.tuple(
  fc.integer({ min: 0, max: 9_999 }).map(padded(4)),
  fc.integer({ min: 0, max: 13 }).map(padded(2)),
  fc.integer({ min: 0, max: 32 }).map(padded(2)),
);
const time = fc
  .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fraction)
  .map(([seconds, digits]) => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${digits}`);

describe('canonicalTime', () => {
  it.each(valid)('writes %s as %s', (text, canonical) => {
    expect(canonicalTime(text)).toBe(canonical);
  });

  it.each(invalid)('takes %j for no time', (text) => {
    expect(canonicalTime(text)).toBeUndefined();
  });

  it('knows the days that the calendar of JavaScript knows, from the year 1', () => {
    fc.assert(
      fc.property(anyDay, anyClock, ([year, month, day], clock) => {
        const text = `${year}-${month}-${day} ${clock.join(':')}`;
        const date = new Date(0);
        date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
        date.setUTCHours(...(clock.map(Number) as [number, number, number]));
        const isTime =
          year !== '0000' && date.toISOString().startsWith(`${year}-${month}-${day}T${clock.join(':')}.`);
        expect(canonicalTime(text)).toBe(isTime ? text : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives equal times equal texts, and gives back its own text', () => {
    fc.assert(
      fc.property(time, (text) => {
        const canonical = canonicalTime(text)!;
        expect(canonicalTime(text.replace('T', ' '))).toBe(canonical);
        expect(canonicalTime(text.replace(/0+$/, '').replace(/\.$/, ''))).toBe(canonical);
        expect(canonicalTime(canonical)).toBe(canonical);
      }),
    );
  });
});

describe('sortableTime', () => {
  it('gives every time six fraction digits', () => {
    expect(sortableTime('2023-08-05 06:28:54')).toBe('2023-08-05 06:28:54.000000');
    expect(sortableTime('2023-08-05 06:28:54.25')).toBe('2023-08-05 06:28:54.250000');
  });

  it('gives texts that sort as the times do', () => {
    const micros = (text: string) =>
      BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 1_000n + BigInt(text.slice(20));
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [sortableA, sortableB] = [sortableTime(canonicalTime(a)!), sortableTime(canonicalTime(b)!)];
        expect(sortableA < sortableB).toBe(micros(a) < micros(b));
      }),
    );
  });
});
