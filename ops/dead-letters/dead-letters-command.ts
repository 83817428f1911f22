import type { Command } from 'commander';
import { addListOptions, type ListOptions } from '../command/option-values';
import { connectKafka, kafkaVariables } from '../servers/connect-kafka';
import { withWarehouse } from '../servers/with-warehouse';
import { deadLetterText } from './dead-letter-text';
import { oneDeadLetter } from './each-dead-letter';
import { addLetterFilter, readPlace, type LetterFilter } from './letter-filter';
import { listDeadLetters, listText } from './list-dead-letters';
import type { Place } from './read-dead-letter';
import { replayDeadLetters, replayText } from './replay-dead-letters';

interface ReplayOptions extends LetterFilter {
  all?: true;
  again?: true;
  execute?: true;
}

export function deadLettersCommand(command: Command): void {
  command
    .description('Reads the dead letters: messages that a service refused, as they came, with the reason.')
    .addHelpText(
      'after',
      `\nEnvironment: ${kafkaVariables};\nDATABASE_URL for replay, which keeps what was replayed; STG_DATABASE_URL where staging has a server of its own.`,
    );

  addListOptions(addLetterFilter(command.command('list')))
    .description('How many there are by topic and reason, and those that were refused last.')
    .action(async ({ limit, json, ...filter }: LetterFilter & ListOptions) => {
      const list = await listDeadLetters(await connectKafka(process.env), filter, limit);
      console.log(json ? JSON.stringify(list, null, 2) : listText(list));
    });

  command
    .command('show')
    .description('One of them: why it was refused, headers, key and value. It may hold personal data.')
    .argument('<topic:partition:offset>', 'its place', readPlace)
    .action(async (place: Place) => {
      console.log(deadLetterText(await oneDeadLetter(await connectKafka(process.env), place)));
    });

  const replay = addLetterFilter(command.command('replay'))
    .description(
      'Sends the messages to the topics they came from, key, value and headers as they were. That harms nothing: what is ' +
        'known already changes nothing, and what is still wrong becomes a dead letter again. Without --execute it says what ' +
        'it would do.',
    )
    .argument('[topic:partition:offset]', 'the place of one; without it, a filter or --all', readPlace)
    .option('--all', 'all dead letters')
    .option('--again', 'also those that were replayed before')
    .option('--execute', 'does it')
    .action(async (place: Place | undefined, options: ReplayOptions) => {
      const { all, again = false, execute = false, ...filter } = options;
      if ([place, all, Object.keys(filter).length > 0].filter(Boolean).length !== 1) {
        replay.error('error: replay takes one of: TOPIC:PARTITION:OFFSET, a filter, or --all');
      }
      const kafka = await connectKafka(process.env);
      const replayed = await withWarehouse(process.env, 'stg', (warehouse) =>
        replayDeadLetters(kafka, warehouse, place ?? filter, { again, execute }),
      );
      console.log(replayText(replayed, execute));
    });
}
