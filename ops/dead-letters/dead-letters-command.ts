import { Option, type Command } from 'commander';
import { oneDeadLetter } from '@app/operations/each-dead-letter';
import type { LetterFilter } from '@app/operations/letter-filter';
import type { Place } from '@app/operations/message-place';
import { addListOptions, type ListOptions } from '../command/option-values';
import { connectKafka, kafkaVariables } from '../servers/connect-kafka';
import { withRecordReader } from '../servers/with-record-reader';
import { withWarehouse } from '../servers/with-warehouse';
import { deadLetterText } from './dead-letter-text';
import { discardDeadLetters, discardText, replayDeadLetters, replayText } from './handle-dead-letters';
import { addLetterFilter, readPlace } from './letter-options';
import { letterStates, listDeadLetters, listText, type DeadLetterList } from './list-dead-letters';

type ListedOptions = LetterFilter & ListOptions & { state?: (typeof letterStates)[number] };

interface HandleOptions extends LetterFilter {
  all?: true;
  again?: true;
  execute?: true;
}

export function deadLettersCommand(command: Command): void {
  command
    .description('Reads the dead letters: messages that a service refused, as they came, with the reason.')
    .addHelpText(
      'after',
      `\nEnvironment: ${kafkaVariables};\nDATABASE_URL for replay and discard, which keep what was done, and for list --state; STG_DATABASE_URL where staging has a server of its own.`,
    );

  addListOptions(addLetterFilter(command.command('list')))
    .description('How many there are by topic and reason, and those that were refused last.')
    .addOption(
      new Option(
        '--state <state>',
        'those in this state, with who replayed or discarded them and when; asks the database',
      ).choices(letterStates),
    )
    .action(async ({ limit, json, state, ...filter }: ListedOptions) => {
      const list = await listed(filter, limit, state);
      console.log(json ? JSON.stringify(list, null, 2) : listText(list));
    });

  command
    .command('show')
    .description('One of them: why it was refused, headers, key and value. It may hold personal data.')
    .argument('<topic:partition:offset>', 'its place', readPlace)
    .action(async (place: Place) => {
      const letter = await withRecordReader(process.env, (reader) => oneDeadLetter(reader, place));
      console.log(deadLetterText(letter));
    });

  addHandling(command.command('replay'))
    .description(
      'Sends the messages to the topics they came from, key, value and headers as they were. That harms nothing: what is ' +
        'known already changes nothing, and what is still wrong becomes a dead letter again. Without --execute it says what ' +
        'it would do.',
    )
    .option('--again', 'also those that were replayed or discarded before')
    .action(async (place: Place | undefined, options: HandleOptions, replay: Command) => {
      const what = chosen(place, options, replay);
      const { again = false, execute = false } = options;
      const kafka = await connectKafka(process.env);
      const handled = await withWarehouse(process.env, 'stg', (warehouse) =>
        replayDeadLetters({ kafka, warehouse }, what, { again, execute }),
      );
      console.log(replayText(handled, execute));
    });

  addHandling(command.command('discard'))
    .description(
      'Marks them as done with, so that they are no longer counted as open. They stay in their topic, and can still be ' +
        'replayed, with --again. Without --execute it says what it would do.',
    )
    .action(async (place: Place | undefined, options: HandleOptions, discard: Command) => {
      const what = chosen(place, options, discard);
      const { execute = false } = options;
      const kafka = await connectKafka(process.env);
      const handled = await withWarehouse(process.env, 'stg', (warehouse) =>
        discardDeadLetters({ kafka, warehouse }, what, execute),
      );
      console.log(discardText(handled, execute));
    });
}

/** @param state undefined: the database is not asked */
function listed(filter: LetterFilter, limit: number, state: ListedOptions['state']): Promise<DeadLetterList> {
  return withRecordReader(process.env, (reader) =>
    state === undefined
      ? listDeadLetters(reader, filter, limit)
      : withWarehouse(process.env, 'stg', (warehouse) =>
          listDeadLetters(reader, filter, limit, { warehouse, state }),
        ),
  );
}

function addHandling(command: Command): Command {
  return addLetterFilter(command)
    .argument('[topic:partition:offset]', 'the place of one; without it, a filter or --all', readPlace)
    .option('--all', 'all dead letters')
    .option('--execute', 'does it');
}

function chosen(place: Place | undefined, options: HandleOptions, command: Command): Place | LetterFilter {
  const { all, again: _, execute: __, ...filter } = options;
  if ([place, all, Object.keys(filter).length > 0].filter(Boolean).length !== 1) {
    command.error(`error: ${command.name()} takes one of: TOPIC:PARTITION:OFFSET, a filter, or --all`);
  }
  return place ?? filter;
}
