import type { Command } from 'commander';
import { wholeNumber } from '../command/option-values';
import { databaseVariables } from '../servers/databases';
import { withWarehouses } from '../servers/with-warehouse';
import { printReport } from './print-report';
import { doesDiffer, reconcile } from './reconcile';

interface Options {
  grace: number;
  shown: number;
  json?: true;
}

export function reconcileCommand(command: Command): void {
  command
    .description(
      'Compares the layers of the warehouse with each other, row by row: the vault with staging, its digests with the ' +
        'business keys, the ledger with the vault, and counters, marts and tags with the ledger. It names what differs and ' +
        'changes nothing. Services may run: each look is one snapshot of each server, and what is only on its way between two layers is ' +
        'distinguished by its age.',
    )
    .option(
      '--grace <seconds>',
      'so long a version may take from one layer to the next; more while a service is behind',
      wholeNumber(0, 999_999),
      60,
    )
    .option('--shown <n>', 'rows that are shown of each difference', wholeNumber(0, 999_999), 5)
    .option('--json', 'the report as JSON, all values as texts')
    .addHelpText(
      'after',
      `\nEnvironment: ${databaseVariables}\nExit code: 0 nothing differs, 1 something does, 2 it could not be found out.`,
    )
    .action(async ({ grace, shown, json }: Options) => {
      const report = await withWarehouses(process.env, 'reconcile', (warehouses) =>
        reconcile(warehouses, { graceSeconds: grace, shown }),
      );
      if (json) {
        console.log(JSON.stringify(report, undefined, 2));
      } else {
        printReport(report, console.log);
      }
      process.exitCode = doesDiffer(report) ? 1 : 0;
    });
}
