import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addOrderOptions, repeatableOptions, sourceNow, type OrderOptions } from './order-options';
import { parseSourceTime } from './source-time';

const read = (...args: string[]) =>
  addOrderOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    .parse(args, { from: 'user' })
    .opts<OrderOptions>();

describe('the options of the order source', () => {
  it('have defaults', () => {
    const sizes = { orders: 50_000, rate: 5, seed: 1, users: 1_000, restaurants: 50 };
    expect(read()).toEqual({ ...sizes, noise: true, dictionary: true });
  });

  it.each([
    [['--orders', 'many'], "'--orders <n>' argument 'many' is invalid. It is a whole number from 0"],
    [['--live', '0'], "'--live <n>' argument '0' is invalid. It is a whole number from 1"],
    [['--rate', 'fast'], "'fast' is invalid. It is 0 or a number from 0.001 to 1000000."],
    [['--end', '2024-02-30 00:00:00'], "'2024-02-30 00:00:00' is invalid. It is a time YYYY-MM-DD HH:MM:SS."],
    [['--users', '0'], "'--users <n>' argument '0' is invalid. It is a whole number from 1 to 1000000."],
    [['--unknown'], "unknown option '--unknown'"],
    [
      ['--dictionary-only', '--no-dictionary'],
      "'--dictionary-only' cannot be used with option '--no-dictionary'",
    ],
  ])('refuse %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it('are written so that they make the same messages again', () => {
    const end = '2024-05-01 12:00:00';
    const given = read('--orders', '7', '--rate', '0.5', '--live', '3', '--end', end, '--no-noise');
    expect(given.end).toBe(parseSourceTime(end));
    expect(repeatableOptions(given, given.end!, 42)).toBe(
      '--orders 7 --rate 0.5 --live 3 --end "2024-05-01 12:00:00" --first-id 42 --seed 1 --users 1000 --restaurants 50 --no-noise',
    );
  });
});

describe('the clock of the source', () => {
  it('goes by its time zone', () => {
    const utc = sourceNow();
    expect(Math.abs(utc - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(sourceNow('Europe/Moscow') - utc - 3 * 3_600_000)).toBeLessThan(60_000);
  });

  it('has no time zone that does not exist', () => {
    expect(() => sourceNow('Mars/Olympus')).toThrow('"Mars/Olympus" isn\'t.');
  });
});
