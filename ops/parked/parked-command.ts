import type { Command } from 'commander';
import { addListOptions, type ListOptions } from '../command/option-values';
import { connectKafka, kafkaVariables } from '../servers/connect-kafka';
import { withWarehouse } from '../servers/with-warehouse';
import { discardParked } from './discard-parked';
import { listParked, listText } from './list-parked';
import { addParkedFilter, type ParkedFilter } from './parked-filter';
import { countParked, retryNow } from './parked-orders';

export function parkedCommand(command: Command): void {
  command
    .description(
      'Orders that wait for an entry of the dictionary. stg tries each again by itself, at last every 15 seconds, until all ' +
        'is there.',
    )
    .addHelpText(
      'after',
      `\nEnvironment: DATABASE_URL, or STG_DATABASE_URL where staging has a server of its own; for discard also DEAD_LETTER_TOPIC (default: stg-service-dlq) and\n${kafkaVariables}`,
    );

  addListOptions(addParkedFilter(command.command('list')))
    .description('What is missing and how many orders wait for it, and those that wait longest.')
    .action(async ({ limit, json, ...filter }: ParkedFilter & ListOptions) => {
      const list = await withWarehouse(process.env, 'stg', (warehouse) =>
        warehouse.read((client) => listParked(client, filter, limit)),
      );
      console.log(json ? JSON.stringify(list, null, 2) : listText(list));
    });

  addChange(command.command('retry'), 'tried at once', retry).description(
    'Lets stg try them at once instead of when their time has come.',
  );
  addChange(command.command('discard'), 'discarded', discard).description(
    'Gives up on them: they become dead letters with the reason no_dictionary, and wait no longer. Their versions stay in ' +
      'staging. When the entry has come after all, `order-vault dead-letters replay --reason no_dictionary` brings them back.',
  );
}

/** A command that changes the orders of a filter, or, without `--execute`, counts them. */
function addChange(command: Command, deed: string, change: (filter: ParkedFilter) => Promise<void>): Command {
  return addParkedFilter(command)
    .option('--all', 'all orders that wait')
    .option('--execute', 'does it; without it nothing changes')
    .action(
      async ({ all = false, execute, ...filter }: ParkedFilter & { all?: boolean; execute?: boolean }) => {
        if (all === Object.keys(filter).length > 0) {
          command.error(`error: ${command.name()} takes one of: a filter, or --all`);
        }
        if (execute) {
          await change(filter);
          return;
        }
        const orders = await withWarehouse(process.env, 'stg', (warehouse) =>
          warehouse.read((client) => countParked(client, filter)),
        );
        console.log(`Orders that would be ${deed}: ${orders}`);
        if (orders > 0) {
          console.log('Nothing was changed: --execute does it.');
        }
      },
    );
}

async function retry(filter: ParkedFilter): Promise<void> {
  const orders = await withWarehouse(process.env, 'stg', (warehouse) =>
    warehouse.transaction((client) => retryNow(client, filter)),
  );
  console.log(`Orders that stg tries at once: ${orders}`);
}

async function discard(filter: ParkedFilter): Promise<void> {
  const kafka = await connectKafka(process.env);
  const topic = process.env.DEAD_LETTER_TOPIC || 'stg-service-dlq';
  const orders = await withWarehouse(process.env, 'stg', (warehouse) =>
    discardParked(kafka, warehouse, topic, filter),
  );
  console.log(`Orders discarded, now dead letters of ${topic}: ${orders}`);
}
