import { parseArgs } from 'node:util';
import { listOptions, readLimit } from '../list-options';
import { deadLetterReasons } from '@app/contracts/dead-letter.contract';
import { topicTable } from '../topics/topic-table';
import type { DeadLetter, Place } from './read-dead-letter';

export const help = `npm run dead-letters -- list|show|replay

Reads the dead letters: messages that a service refused, as they came, with the reason.

list [FILTER] [--limit N] [--json]
    How many there are by topic and reason, and the N that were refused last (default: 100).
show TOPIC:PARTITION:OFFSET
    One of them: why it was refused, headers, key and value. It may hold personal data.
replay TOPIC:PARTITION:OFFSET | FILTER | --all [--again] [--execute]
    Sends the messages to the topics they came from, key, value and headers as they were. That harms nothing: what is known
    already changes nothing, and what is still wrong becomes a dead letter again. Without --execute it says what it would do.
    One that was replayed is left out, unless told --again.

FILTER, any of:
  --topic NAME        a dead-letter topic; may be given several times. Default: ${deadLetterTopics().join(', ')}
  --reason REASON     ${deadLetterReasons.slice(0, 5).join(', ')},
                      ${deadLetterReasons.slice(5).join(', ')}
  --since TIME        refused at this time or later, as 2024-03-01 or 2024-03-01T12:30:00Z (UTC unless it tells a zone)
  --until TIME        refused before this time
  --object-id ID      of this order, as far as the message tells

Environment: KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and
KAFKA_SASL_PASSWORD); for replay DATABASE_URL too, which keeps what was replayed.
`;

export interface LetterFilter {
  topics: string[];
  reason?: string;
  since?: Date;
  until?: Date;
  orderId?: string;
}

export type DeadLetterCommand =
  | { name: 'help' }
  | { name: 'list'; filter: LetterFilter; limit: number; json: boolean }
  | { name: 'show'; place: Place }
  | { name: 'replay'; what: Place | LetterFilter; again: boolean; execute: boolean };

const filterOptions = {
  topic: { type: 'string', multiple: true },
  reason: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  'object-id': { type: 'string' },
} as const;

/**
 * Reads the command line.
 * @throws naming the option and the value that can't be used
 */
export function readCommand([name, ...args]: string[]): DeadLetterCommand {
  if (name === undefined || ['help', '--help', '-h'].includes(name) || args.includes('--help')) {
    return { name: 'help' };
  }
  if (name === 'list') {
    const { values } = parseArgs({ args, options: { ...filterOptions, ...listOptions } });
    return { name, filter: readFilter(values), limit: readLimit(values.limit), json: values.json };
  }
  if (name === 'show') {
    const { positionals } = parseArgs({ args, allowPositionals: true });
    return { name, place: onePlace(name, positionals) };
  }
  if (name === 'replay') {
    const options = {
      ...filterOptions,
      all: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      execute: { type: 'boolean', default: false },
    } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { all, again, execute, ...filter } = values;
    const ways = [positionals.length > 0, all, Object.keys(filter).length > 0].filter(Boolean);
    if (ways.length !== 1) {
      throw new Error('replay takes one of: TOPIC:PARTITION:OFFSET, a filter, or --all.');
    }
    const what = positionals.length > 0 ? onePlace(name, positionals) : readFilter(filter);
    return { name, what, again, execute };
  }
  throw new Error(`The command is list, show or replay: "${name}" isn't.`);
}

/** Whether a dead letter is one of those that are asked for; its topic is. */
export function matches({ reason, since, until, orderId }: LetterFilter, letter: DeadLetter): boolean {
  const refusedAt = new Date(letter.refusedAt);
  return (
    (reason === undefined || letter.reason === reason) &&
    (since === undefined || refusedAt >= since) &&
    (until === undefined || refusedAt < until) &&
    (orderId === undefined || letter.orderId === orderId)
  );
}

interface FilterValues {
  topic?: string[];
  reason?: string;
  since?: string;
  until?: string;
  'object-id'?: string;
}

function readFilter({ topic, reason, since, until, 'object-id': orderId }: FilterValues): LetterFilter {
  if (reason !== undefined && !deadLetterReasons.some((known) => known === reason)) {
    throw new Error(`--reason is one of ${deadLetterReasons.join(', ')}: "${reason}" isn't.`);
  }
  if (orderId !== undefined && !/^\d+$/.test(orderId)) {
    throw new Error(`--object-id is the id of an order: "${orderId}" isn't.`);
  }
  return {
    topics: [...new Set(topic ?? deadLetterTopics())],
    reason,
    since: since === undefined ? undefined : time('since', since),
    until: until === undefined ? undefined : time('until', until),
    orderId,
  };
}

function deadLetterTopics(): string[] {
  return topicTable.map(({ topic }) => topic).filter((topic) => topic.endsWith('-dlq'));
}

function time(option: string, given: string): Date {
  const [, day, clock = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(given) ?? [];
  const read = new Date(`${day}${clock}${zone}`);
  if (Number.isNaN(read.getTime())) {
    throw new Error(`--${option} is a time such as 2024-03-01 or 2024-03-01T12:30:00Z: "${given}" isn't.`);
  }
  return read;
}

function onePlace(command: string, given: string[]): Place {
  if (given.length !== 1) {
    throw new Error(`${command} takes one TOPIC:PARTITION:OFFSET: ${given.length} were given.`);
  }
  const [, topic, partition, offset] = /^([\w.-]+):(\d{1,9}):(\d{1,18})$/.exec(given[0]!) ?? [];
  if (!topic) {
    throw new Error(`The place of a dead letter is TOPIC:PARTITION:OFFSET: "${given[0]}" isn't.`);
  }
  return { topic, partition: Number(partition), offset: offset! };
}
