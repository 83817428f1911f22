import type { Command } from 'commander';
import {
  countParked,
  giveUpParked,
  listParked,
  retryParked,
  type ParkedFilter,
} from '@app/operations/parked-orders';
import type { Client } from '@app/warehouse/warehouse';
import { addListOptions, type ListOptions } from '../command/option-values';
import { withWarehouse } from '../servers/with-warehouse';
import { listText } from './list-text';
import { addParkedFilter } from './parked-options';

/** Changes the orders of a filter; answers how many. */
type Change = (client: Client, filter: ParkedFilter) => Promise<number>;

export function parkedCommand(command: Command): void {
  command
    .description(
      'Orders that wait for an entry of the dictionary. stg tries each again by itself, at last every 15 seconds, until all ' +
        'is there.',
    )
    .addHelpText(
      'after',
      '\nEnvironment: DATABASE_URL, or STG_DATABASE_URL where staging has a server of its own',
    );

  addListOptions(addParkedFilter(command.command('list')))
    .description('What is missing and how many orders wait for it, and those that wait longest.')
    .action(async ({ limit, json, ...filter }: ParkedFilter & ListOptions) => {
      const list = await withWarehouse(process.env, 'stg', (warehouse) =>
        warehouse.read((client) => listParked(client, filter, limit)),
      );
      console.log(json ? JSON.stringify(list, null, 2) : listText(list));
    });

  addChange(
    command.command('retry'),
    'tried at once',
    'Orders that stg tries at once',
    retryParked,
  ).description('Lets stg try them at once instead of when their time has come.');
  addChange(
    command.command('discard'),
    'discarded',
    'Orders given up; stg makes dead letters of them',
    (client, filter) => giveUpParked(client, filter, null),
  ).description(
    'Gives up on them: within a second stg makes dead letters of them, with the reason no_dictionary, and they wait no longer. ' +
      'Their versions stay in staging. When the entry has come after all, `order-vault dead-letters replay --reason ' +
      'no_dictionary` brings them back.',
  );
}

/** A command that changes the orders of a filter, or, without `--execute`, counts them. */
function addChange(command: Command, deed: string, done: string, change: Change): Command {
  return addParkedFilter(command)
    .option('--all', 'all orders that wait')
    .option('--execute', 'does it; without it nothing changes')
    .action(
      async ({ all = false, execute, ...filter }: ParkedFilter & { all?: boolean; execute?: boolean }) => {
        if (all === Object.keys(filter).length > 0) {
          command.error(`error: ${command.name()} takes one of: a filter, or --all`);
        }
        const orders = await withWarehouse(process.env, 'stg', (warehouse) =>
          execute
            ? warehouse.transaction((client) => change(client, filter))
            : warehouse.read((client) => countParked(client, filter)),
        );
        console.log(execute ? `${done}: ${orders}` : `Orders that would be ${deed}: ${orders}`);
        if (!execute && orders > 0) {
          console.log('Nothing was changed: --execute does it.');
        }
      },
    );
}
