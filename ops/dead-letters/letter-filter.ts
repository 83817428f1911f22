import { InvalidArgumentError, Option, type Command } from 'commander';
import { deadLetterReasons } from '@app/contracts/dead-letter.contract';
import { orderId, several } from '../command/option-values';
import { deadLetterTopics } from '../topics/topic-table';
import type { DeadLetter, Place } from './read-dead-letter';

/** Which dead letters are meant: of these topics, or of all dead-letter topics. */
export interface LetterFilter {
  topic?: string[];
  reason?: string;
  since?: Date;
  until?: Date;
  objectId?: string;
}

/** Adds the options that make a {@link LetterFilter}. */
export function addLetterFilter(command: Command): Command {
  return command
    .addOption(topicOption())
    .addOption(new Option('--reason <reason>', 'of the refusal').choices(deadLetterReasons))
    .option(
      '--since <time>',
      'refused then or later: 2024-03-01, or 2024-03-01T12:30:00Z (default zone: UTC)',
      time,
    )
    .option('--until <time>', 'refused before then', time)
    .option('--object-id <id>', 'of this order, as far as the message names it', orderId);
}

/** Which topics are looked through. */
export function topicOption(): Option {
  return new Option(
    '--topic <name>',
    `a dead-letter topic; may be given several times (default: ${deadLetterTopics.join(', ')})`,
  ).argParser(several);
}

/** Whether a dead letter is one of those that are asked for; its topic is. */
export function matches({ reason, since, until, objectId }: LetterFilter, letter: DeadLetter): boolean {
  const refusedAt = new Date(letter.refusedAt);
  return (
    (reason === undefined || letter.reason === reason) &&
    (since === undefined || refusedAt >= since) &&
    (until === undefined || refusedAt < until) &&
    (objectId === undefined || letter.orderId === objectId)
  );
}

function time(given: string): Date {
  const [, day, clock = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(given) ?? [];
  const read = new Date(`${day}${clock}${zone}`);
  if (Number.isNaN(read.getTime())) {
    throw new InvalidArgumentError('It is a time such as 2024-03-01 or 2024-03-01T12:30:00Z.');
  }
  return read;
}

/** Reads the place of a dead letter, as TOPIC:PARTITION:OFFSET. */
export function readPlace(given: string): Place {
  const [, topic, partition, offset] = /^([\w.-]+):(\d{1,9}):(\d{1,18})$/.exec(given) ?? [];
  if (!topic) {
    throw new InvalidArgumentError('It is a topic, a partition and an offset, as stg-service-dlq:0:17.');
  }
  return { topic, partition: Number(partition), offset: offset! };
}
