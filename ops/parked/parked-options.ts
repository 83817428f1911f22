import { InvalidArgumentError, type Command } from 'commander';
import type { ParkedFilter } from '@app/operations/parked-orders';
import { orderId } from '../command/option-values';

/** Adds the options that make a {@link ParkedFilter}. */
export function addParkedFilter(command: Command): Command {
  return command
    .option(
      '--missing <kind[:id]>',
      'a user, restaurant or dish is missing, or the one with this id: user, or dish:626a81cfefa404208fe9',
      missing,
    )
    .option('--older-than <age>', 'waits at least so long: 90s, 30m, 2h or 3d', seconds)
    .option('--object-id <id>', 'of this order', orderId);
}

function missing(given: string): ParkedFilter['missing'] {
  const [, kind, id] = /^(user|restaurant|dish)(?::(.+))?$/.exec(given) ?? [];
  if (kind === undefined) {
    throw new InvalidArgumentError('It is user, restaurant or dish, perhaps with an id as in user:ID.');
  }
  return id === undefined ? { kind } : { kind, id };
}

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function seconds(given: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(given) ?? [];
  if (count === undefined) {
    throw new InvalidArgumentError('It is an age such as 90s, 30m, 2h or 3d.');
  }
  return Number(count) * secondsOf[unit!]!;
}
