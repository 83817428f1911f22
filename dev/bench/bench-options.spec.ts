import { describe, expect, it } from 'vitest';
import { readBenchOptions } from './bench-options';

const read = (...args: string[]) => readBenchOptions(args);

describe('readBenchOptions', () => {
  it('knows the defaults', () => {
    expect(read()).toEqual({
      orders: 50_000,
      runs: 1,
      freshnessSeconds: 60,
      hasTags: false,
      isScaled: false,
    });
  });

  it('gives the histories of the growth the size of the first one unless told', () => {
    expect(read('--orders', '7', '--growth')).toMatchObject({ growthOrders: 7 });
    expect(read('--orders', '7', '--growth', '--growth-orders', '3')).toMatchObject({ growthOrders: 3 });
    expect(read('--orders', '7')!.growthOrders).toBeUndefined();
  });

  it('asks for the help', () => {
    expect(read('--orders', 'many', '--help')).toBeUndefined();
  });

  it.each([
    [['--orders', 'many'], '--orders is a whole number from 1: "many" isn\'t.'],
    [['--orders', '0'], '--orders is a whole number from 1: "0" isn\'t.'],
    [['--runs', '1.5'], '--runs is a whole number from 1: "1.5" isn\'t.'],
    [['--freshness-seconds', '-1'], "Option '--freshness-seconds' argument is ambiguous"],
    [['--growth-orders', '5'], '--growth-orders belongs to --growth, which is missing.'],
    [['--growth', '--growth-orders', '0'], '--growth-orders is a whole number from 1: "0" isn\'t.'],
    [['--backlog', ''], '--backlog is a whole number from 1: "" isn\'t.'],
    [
      ['--json', 'no/such/folder/figures.json'],
      '--json is a file in a folder that exists: "no/such/folder/figures.json" isn\'t.',
    ],
    [
      ['--compare', 'nothing.json'],
      '--compare is a file that an earlier run wrote: "nothing.json" isn\'t there.',
    ],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
