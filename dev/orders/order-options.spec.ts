import { describe, expect, it } from 'vitest';
import { readOrderOptions, repeatableOptions } from './order-options';

const read = (...args: string[]) => readOrderOptions(args, {});

describe('readOrderOptions', () => {
  it('knows the defaults', () => {
    expect(read()).toMatchObject({
      orders: 50_000,
      ordersPerMinute: 5,
      liveOrders: undefined,
      seed: 1,
      users: 1_000,
      restaurants: 50,
      isClean: false,
      part: 'all',
    });
  });

  it('ends the history now, by the clock of the source', () => {
    const utc = readOrderOptions([], {})!.end;
    const moscow = readOrderOptions([], { SOURCE_TIME_ZONE: 'Europe/Moscow' })!.end;
    expect(Math.abs(utc - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(moscow - utc - 3 * 3_600_000)).toBeLessThan(60_000);
  });

  it.each([
    [['--orders', 'many'], '--orders is a whole number from 0: "many" isn\'t.'],
    [['--live', '0'], '--live is a whole number from 1: "0" isn\'t.'],
    [['--rate', 'fast'], '--rate is 0 or a number from 0.001 to 1000000: "fast" isn\'t.'],
    [['--end', '2024-02-30 00:00:00'], '--end is a time YYYY-MM-DD HH:MM:SS: "2024-02-30 00:00:00" isn\'t.'],
    [['--users', '0'], '--users is a whole number from 1 to 1000000: "0" isn\'t.'],
    [['--unknown'], "Unknown option '--unknown'"],
    [['--dictionary-only', '--no-dictionary'], '--dictionary-only and --no-dictionary together'],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it('refuses a time zone that does not exist', () => {
    expect(() => readOrderOptions([], { SOURCE_TIME_ZONE: 'Mars/Olympus' })).toThrow(
      '"Mars/Olympus" isn\'t.',
    );
  });

  it('writes the options that make the same messages again', () => {
    const args = [
      '--orders',
      '7',
      '--rate',
      '0.5',
      '--live',
      '3',
      '--end',
      '2024-05-01 12:00:00',
      '--no-noise',
    ];
    expect(repeatableOptions(read(...args)!, 42)).toBe(
      '--orders 7 --rate 0.5 --live 3 --end "2024-05-01 12:00:00" --first-id 42 --seed 1 --users 1000 --restaurants 50 --no-noise',
    );
  });
});
