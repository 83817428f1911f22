import 'reflect-metadata';
import { Argument, type Command } from 'commander';
import { wholeNumber } from '../command/option-values';
import { martChecks } from '../reconcile/mart-checks';
import { printDifferences } from '../reconcile/print-report';
import { findDifferences, inSnapshot, type Difference } from '../reconcile/reconcile';
import { databaseVariables } from '../servers/databases';
import { withWarehouses, type Warehouses } from '../servers/with-warehouse';
import { rebuildMarts } from './rebuild-marts';
import { rebuildVault, type VaultOptions } from './rebuild-vault';

interface Options {
  execute?: true;
  removeWrong?: true;
  grace: number;
  shown: number;
}

export function rebuildCommand(command: Command): void {
  command
    .description(
      'Makes a layer of the warehouse again from the one before. Without --execute it says what differs and changes ' +
        'nothing. Services may run; it can be killed at any time and run again. After dds, rebuild cdm too: what is ' +
        'inserted here goes through no topic.',
    )
    .addArgument(new Argument('<layer>', 'what is made again, see below').choices(['cdm', 'dds']))
    .option('--execute', 'does it')
    .option('--remove-wrong', 'dds only: also removes and corrects rows of the vault, see below')
    .option(
      '--grace <seconds>',
      'what was staged or loaded within so long is left to the services',
      wholeNumber(0, 999_999),
      60,
    )
    .option('--shown <n>', 'rows that are shown of each difference', wholeNumber(0, 999_999), 5)
    .addHelpText('after', explanation)
    .action(async (layer: 'cdm' | 'dds', options: Options) => {
      const { execute = false, removeWrong = false, grace: graceSeconds, shown } = options;
      if (removeWrong && layer !== 'dds') {
        command.error('error: --remove-wrong belongs to dds.');
      }
      const rebuild = layer === 'dds' ? rebuildVault : rebuildAndCheckMarts;
      const differences = await withWarehouses(process.env, `rebuild ${layer} of`, (warehouses) =>
        rebuild(warehouses, { execute, removeWrong, graceSeconds, shown }, console.log),
      );
      printDifferences(differences, console.log);
      const differs = differences.some(({ rows }) => rows > 0);
      const unchanged = execute ? 'Something still differs.' : 'Nothing was changed: --execute does it.';
      console.log(differs ? unchanged : 'Nothing differs.');
      process.exitCode = differs ? 1 : 0;
    });
}

async function rebuildAndCheckMarts(
  warehouses: Warehouses,
  { execute, graceSeconds, shown }: VaultOptions,
  say: (line: string) => void,
): Promise<Difference[]> {
  if (execute) {
    await rebuildMarts(warehouses, say);
  }
  return inSnapshot(warehouses, (clients) => findDifferences(clients, martChecks(graceSeconds), shown));
}

const explanation = `
Layers:
  cdm  ledger, counters, marts and names from the vault. What is right stays as it is. The rules of tags are
       marked, and cdm evaluates them for all users as soon as it runs
  dds  the vault from staging, by the code of the service: missing rows are inserted, rows that contradict
       staging are named. --remove-wrong also removes rows that staging does not hold, and corrects those that
       contradict it. This breaks the rule that rows of the vault never change, so it takes the login that migrates

Environment: ${databaseVariables}
Exit code: 0 nothing differs (any more), 1 something does, 2 it could not be done.`;
