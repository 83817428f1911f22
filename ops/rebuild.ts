import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Warehouse } from '@app/warehouse/warehouse';
import { reason, withoutSecrets } from './migrate/migrate';
import { rebuildMarts } from './rebuild/rebuild-marts';
import { rebuildVault } from './rebuild/rebuild-vault';
import { martChecks } from './reconcile/mart-checks';
import { printDifferences } from './reconcile/print-report';
import { findDifferences, inSnapshot, type Difference } from './reconcile/reconcile';
import { wholeOption } from './whole-option';

const help = `npm run rebuild -- cdm|dds [OPTIONS]

Makes a layer of the warehouse at DATABASE_URL again from the one before. Without --execute it says what differs and changes
nothing. Services may run; it can be killed at any time and run again. After dds, rebuild cdm too: what is inserted here goes through
no topic.

  cdm   ledger, counters, marts and names from the vault. What is right stays as it is. The rules of tags are marked, and cdm
        evaluates them for all users as soon as it runs
  dds   the vault from staging, by the code of the service: missing rows are inserted, rows that contradict staging are named

  --execute         does it
  --remove-wrong    dds only: also removes rows of the vault that staging does not tell of, and corrects those that contradict it.
                    This breaks the rule that rows of the vault never change, so it takes the login that migrates
  --grace SECONDS   what was staged or loaded within so long is left to the services. Default: 60
  --shown N         rows that are shown of each difference. Default: 5

Exit code: 0 nothing differs (any more), 1 something does, 2 it could not be done.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      execute: { type: 'boolean', default: false },
      'remove-wrong': { type: 'boolean', default: false },
      grace: { type: 'string', default: '60' },
      shown: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
  } else {
    const [layer = '', ...others] = positionals;
    if (!['cdm', 'dds'].includes(layer) || others.length > 0) {
      throw new Error(`The layer is cdm or dds: "${positionals.join(' ')}" isn't.`);
    }
    if (values['remove-wrong'] && layer !== 'dds') {
      throw new Error('--remove-wrong belongs to dds.');
    }
    await run(layer, {
      execute: values.execute,
      removeWrong: values['remove-wrong'],
      graceSeconds: wholeOption('grace', values.grace),
      shown: wholeOption('shown', values.shown),
    });
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}

type Options = Parameters<typeof rebuildVault>[1];

async function run(layer: string, options: Options): Promise<void> {
  const place = withoutSecrets(process.env.DATABASE_URL);
  // One connection holds the locks. No limit to statements: this is no batch that others wait for.
  const warehouse = new Warehouse(process.env.DATABASE_URL!, 'rebuild', 2, 0);
  try {
    const differences =
      layer === 'dds' ? await rebuildVault(warehouse, options, console.log) : await cdm(warehouse, options);
    printDifferences(differences, console.log);
    const differs = differences.some(({ rows }) => rows > 0);
    if (differs) {
      console.log(options.execute ? 'Something still differs.' : 'Nothing was changed: --execute does it.');
    } else {
      console.log('Nothing differs.');
    }
    process.exitCode = differs ? 1 : 0;
  } catch (error) {
    throw new Error(`Cannot rebuild ${layer} of ${place}: ${reason(error)}`);
  } finally {
    await warehouse.onApplicationShutdown();
  }
}

async function cdm(warehouse: Warehouse, { execute, graceSeconds, shown }: Options): Promise<Difference[]> {
  if (execute) {
    await rebuildMarts(warehouse, console.log);
  }
  return inSnapshot(warehouse, (client) => findDifferences(client, martChecks(graceSeconds), shown));
}
