import { parseArgs } from 'node:util';
import { Warehouse } from '@app/warehouse/warehouse';
import { reason, withoutSecrets } from './migrate/migrate';
import { printReport } from './reconcile/print-report';
import { doesDiffer, reconcile } from './reconcile/reconcile';
import { wholeOption } from './whole-option';

const help = `npm run reconcile [-- OPTIONS]

Compares the layers of the warehouse at DATABASE_URL with each other, row by row: the vault with staging, its digests with the
business keys, the ledger with the vault, and counters, marts and tags with the ledger. It names what differs and changes nothing.
Services may run: each look is one snapshot, and what is only on its way between two layers is told apart by its age.

  --grace SECONDS   so long a version may take from one layer to the next. Default: 60. Choose more while a service is behind
  --shown N         rows that are shown of each difference. Default: 5
  --json            the report as JSON, all values as texts

Exit code: 0 nothing differs, 1 something does, 2 it could not be found out.
`;

try {
  const { values } = parseArgs({
    options: {
      grace: { type: 'string', default: '60' },
      shown: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(help);
  } else {
    await run(wholeOption('grace', values.grace), wholeOption('shown', values.shown), values.json);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}

async function run(graceSeconds: number, shown: number, isJson: boolean): Promise<void> {
  const place = withoutSecrets(process.env.DATABASE_URL);
  // No limit to statements: this is no batch that others wait for.
  const warehouse = new Warehouse(process.env.DATABASE_URL!, 'reconcile', 1, 0);
  try {
    const report = await reconcile(warehouse, { graceSeconds, shown });
    if (isJson) {
      console.log(JSON.stringify(report, undefined, 2));
    } else {
      printReport(report, console.log);
    }
    process.exitCode = doesDiffer(report) ? 1 : 0;
  } catch (error) {
    throw new Error(`Cannot reconcile ${place}: ${reason(error)}`);
  } finally {
    await warehouse.onApplicationShutdown();
  }
}
