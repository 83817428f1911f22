import { parseArgs } from 'node:util';
import { listOptions, readLimit } from '../list-options';
import type { ParkedFilter } from './parked-orders';

export const help = `npm run parked -- list|retry|discard

Orders that wait for an entry of the dictionary. stg tries each again by itself, at last every 15 seconds, until all is there.

list [FILTER] [--limit N] [--json]
    What is missing and how many orders wait for it, and the N that wait longest (default: 100).
retry FILTER | --all [--execute]
    Lets stg try them at once instead of when their time has come.
discard FILTER | --all [--execute]
    Gives up on them: they become dead letters with the reason no_dictionary, and wait no longer. Their versions stay in
    staging. When the entry has come after all, \`npm run dead-letters -- replay --reason no_dictionary\` brings them back.
Without --execute, retry and discard say what they would do.

FILTER, any of:
  --missing KIND[:ID]  a user, restaurant or dish is missing, or the one with this id; e.g. user, or dish:626a81cfefa404208fe9
  --older-than AGE     waits at least so long: 90s, 30m, 2h or 3d
  --object-id ID       of this order

Environment: DATABASE_URL; for discard KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM,
KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD) and DEAD_LETTER_TOPIC (default: stg-service-dlq) too.
`;

export type ParkedCommand =
  | { name: 'help' }
  | { name: 'list'; filter: ParkedFilter; limit: number; json: boolean }
  | { name: 'retry' | 'discard'; filter: ParkedFilter; execute: boolean };

const filterOptions = {
  missing: { type: 'string' },
  'older-than': { type: 'string' },
  'object-id': { type: 'string' },
} as const;

/**
 * Reads the command line.
 * @throws naming the option and the value that can't be used
 */
export function readCommand([name, ...args]: string[]): ParkedCommand {
  if (name === undefined || ['help', '--help', '-h'].includes(name) || args.includes('--help')) {
    return { name: 'help' };
  }
  if (name === 'list') {
    const { values } = parseArgs({ args, options: { ...filterOptions, ...listOptions } });
    return { name, limit: readLimit(values.limit), filter: readFilter(values), json: values.json };
  }
  if (name === 'retry' || name === 'discard') {
    const options = {
      ...filterOptions,
      all: { type: 'boolean', default: false },
      execute: { type: 'boolean', default: false },
    } as const;
    const { all, execute, ...filter } = parseArgs({ args, options }).values;
    if (all === Object.keys(filter).length > 0) {
      throw new Error(`${name} takes one of: a filter, or --all.`);
    }
    return { name, filter: readFilter(filter), execute };
  }
  throw new Error(`The command is list, retry or discard: "${name}" isn't.`);
}

interface FilterValues {
  missing?: string;
  'older-than'?: string;
  'object-id'?: string;
}

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function readFilter(values: FilterValues): ParkedFilter {
  const { missing, 'older-than': age, 'object-id': orderId } = values;
  const [, kind, id] = /^(user|restaurant|dish)(?::(.+))?$/.exec(missing ?? '') ?? [];
  if (missing !== undefined && kind === undefined) {
    throw new Error(
      `--missing is user, restaurant or dish, perhaps with an id as in user:ID: "${missing}" isn't.`,
    );
  }
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(age ?? '') ?? [];
  if (age !== undefined && count === undefined) {
    throw new Error(`--older-than is an age such as 90s, 30m, 2h or 3d: "${age}" isn't.`);
  }
  if (orderId !== undefined && !/^\d{1,18}$/.test(orderId)) {
    throw new Error(`--object-id is the id of an order: "${orderId}" isn't.`);
  }
  return {
    missing: kind === undefined ? undefined : { kind, ...(id !== undefined && { id }) },
    seconds: count === undefined ? undefined : Number(count) * secondsOf[unit!]!,
    orderId,
  };
}
