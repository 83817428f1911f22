import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addBenchOptions } from './bench-options';

const read = (...args: string[]) =>
  addBenchOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    .parse(args, { from: 'user' })
    .opts();

describe('the options of the benchmark', () => {
  it('have defaults', () => {
    expect(read()).toEqual({ orders: 50_000, runs: 1, freshnessSeconds: 60 });
  });

  it.each([
    [['--orders', 'many'], "'--orders <n>' argument 'many' is invalid. It is a whole number from 1"],
    [['--orders', '0'], "'--orders <n>' argument '0' is invalid"],
    [['--runs', '1.5'], "'--runs <n>' argument '1.5' is invalid"],
    [['--freshness-seconds', '-1'], "'--freshness-seconds <n>' argument '-1' is invalid"],
    [['--growth', '--growth-orders', '0'], "'--growth-orders <n>' argument '0' is invalid"],
    [['--backlog', ''], "'--backlog <n>' argument '' is invalid"],
    [
      ['--json', 'no/such/folder/figures.json'],
      "argument 'no/such/folder/figures.json' is invalid. It is a file in a folder",
    ],
    [
      ['--compare', 'nothing.json'],
      "argument 'nothing.json' is invalid. It is a file that an earlier run wrote.",
    ],
    [['--unknown'], "unknown option '--unknown'"],
  ])('refuse %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
