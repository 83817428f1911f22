import type { Command } from 'commander';
import { wholeNumber } from '../command/option-values';
import { databaseOf } from '../servers/databases';
import { textTable } from '../command/text-table';
import { distribute } from './distribute';

export function distributeCommand(command: Command): void {
  command
    .description(
      'Spreads the tables of vault and marts over the nodes of a distributed PostgreSQL (Citus): once, after migrate and ' +
        'before the first order, by the login that owns the schemas. It does all or nothing.',
    )
    .requiredOption(
      '--shards <n>',
      'parts of each table: as many as the topics of orders have partitions, or a number that divides that',
      wholeNumber(1, 1_000),
    )
    .addHelpText('after', explanation)
    .action(async ({ shards }: { shards: number }) => {
      for (const [url, variable] of databases(process.env)) {
        const done = await distribute(url, variable, shards);
        console.log(`${variable}: ${done.length} tables in ${shards} shards\n`);
        console.log(textTable([['Table', 'Where', 'Changed'], ...done], [0, 1, 2]));
      }
    });
}

/** Those of vault and marts, each once: the value of the variable, and its name. */
function databases(variables: NodeJS.ProcessEnv): Map<string | undefined, string> {
  const all = (['cdm', 'dds'] as const).map((layer) => databaseOf(variables, layer));
  return new Map(all.map(({ url, variable }) => [url, variable]));
}

const explanation = `
Rows of a user, and of the orders of that user, come to one node. What is known of restaurants and dishes, and the rules
of tags, are on every node. Staging, sums that all users share, and what services say of themselves stay on the coordinator.
Start stg and dds with PARTITION_BY=user: then the messages of a partition belong to users of one shard.

Environment: DATABASE_URL; DDS_DATABASE_URL and CDM_DATABASE_URL where these layers have servers of their own.`;
