import { InvalidArgumentError, type Command } from 'commander';
import { isBigint } from '@app/values/bigint';

/** Reads the value of an option that is a whole number within limits. */
export function wholeNumber(least: number, most = 999_999_999): (given: string) => number {
  return (given) => {
    const number = Number(given);
    if (!/^\d{1,16}$/.test(given) || number < least || number > most) {
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/** The id of an order, a bigint. */
export function orderId(given: string): string {
  if (!isBigint(given)) {
    throw new InvalidArgumentError('It is the id of an order, a whole number.');
  }
  return given;
}

/** Collects the values of an option that may be given several times. */
export function several(given: string, before: string[] = []): string[] {
  return [...before, given];
}

export interface ListOptions {
  limit: number;
  json?: true;
}

/** Adds the options of a command that lists something. */
export function addListOptions(command: Command): Command {
  return command
    .option('--limit <n>', 'so many are shown at most', wholeNumber(0), 100)
    .option('--json', 'the list as JSON');
}
