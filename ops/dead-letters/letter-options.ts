import { InvalidArgumentError, Option, type Command } from 'commander';
import { deadLetterReasons } from '@app/contracts/dead-letter.contract';
import { placeOfText, type Place } from '@app/operations/message-place';
import { orderId, several } from '../command/option-values';
import { deadLetterTopics } from '../topics/topic-table';

/** Adds the options that make a `LetterFilter`. */
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
  const place = placeOfText(given);
  if (!place) {
    throw new InvalidArgumentError('It is a topic, a partition and an offset, as stg-service-dlq:0:17.');
  }
  return place;
}
