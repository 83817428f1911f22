import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { latestLocalTime } from '@app/values/local-time';
import { Warehouse } from '@app/warehouse/warehouse';
import { Layers } from '../apps/cdm/src/audit/layers';
import { allRounds, type Round } from '../apps/cdm/src/audit/rounds';
import { wholeNumber } from '../ops/command/option-values';
import { runCommand } from '../ops/command/run-command';
import { textTable } from '../ops/command/text-table';
import type { Effort } from './bench/bench-report';
import { fillDictionary, fillTopic, weekOfOrders } from './bench/bench-history';
import { tenRules } from './bench/bench-rules';
import { onNewStack, type BenchStack } from './bench/bench-stack';
import { untilAllIsRead } from './bench/until-all-is-read';
import { EffortMeter } from './bench/effort-meter';
import { MEASURING } from './bench/processor-costs';
import { launchServices, stopServices, untilReady } from './services/local-services';

/** Keys of a piece. */
const KEYS = 200;

await runCommand(
  new Command('npx tsx dev/bench-audit.ts')
    .description(
      'After npm run build: what the auditor takes for each row that it looks at, with the time that it waits for PostgreSQL, and how ' +
        'long a round takes with the pauses. On servers of its own, which services fill from messages.',
    )
    .option('--orders <n>', 'in the history', wholeNumber(1), 100_000)
    .action(measure),
);

async function measure({ orders }: { orders: number }): Promise<void> {
  await onNewStack(async (stack) => {
    const dictionary = await fillDictionary(stack);
    await fillTopic(stack, weekOfOrders(dictionary, orders));
    for (const { tag, conditions } of tenRules(dictionary)) {
      await stack.database.query('INSERT INTO cdm.tag_rules (tag, conditions) VALUES ($1, $2)', [
        tag,
        conditions,
      ]);
    }
    await fillWarehouse(stack);
    await stack.database.query('VACUUM ANALYZE');
    const settings = { jit: 'off', max_parallel_workers_per_gather: '0', work_mem: '32MB' };
    const warehouse = new Warehouse(stack.environment.DATABASE_URL, 'bench audit', 1, 60_000, settings);
    try {
      const rows: string[][] = [];
      for (const round of allRounds(() => latestLocalTime(new Date(), 'UTC'))) {
        const meter = await EffortMeter.start(stack);
        const look = await lookAtAll(warehouse, round);
        rows.push(lineOf(round, look, await meter.read('order_vault')));
        console.log(`  ${round.what}: ${look.checked} rows, ${look.wrong} wrong`);
      }
      const head = ['round', 'rows', 'seconds', 'of a processor', 'µs a row', 'hours a round'];
      console.log(textTable([head, ...rows], [0]));
    } finally {
      await warehouse.onApplicationShutdown();
    }
  });
}

async function fillWarehouse(stack: BenchStack): Promise<void> {
  const environment = { ...stack.environment, AUDIT: 'off' };
  const services = await launchServices(environment, mkdtempSync(join(tmpdir(), 'bench-audit-')));
  try {
    await untilReady(services);
    await untilAllIsRead(stack, services, await EffortMeter.start(stack));
  } finally {
    await stopServices(services);
  }
}

interface Looked {
  checked: number;
  wrong: number;
}

/** Each piece in a transaction, as the auditor does it. */
async function lookAtAll(warehouse: Warehouse, round: Round): Promise<Looked> {
  const { keys } = round;
  const looked: Looked = { checked: 0, wrong: 0 };
  for (let after: string | null = keys.first; after !== null;) {
    const from: string = after;
    after = await warehouse.transaction(async (client) => {
      const layers = new Layers(client, new Map());
      const last = await round.bound(layers, from, KEYS);
      const look = await round.look(layers, from, last ?? keys.last);
      looked.checked += look.checked;
      looked.wrong += look.wrong.length;
      return last;
    });
  }
  return looked;
}

/** The time of a round is that with the pauses, which follow from the time that cdm waits for. */
function lineOf({ what, percent }: Round, { checked }: Looked, { seconds, cpuSeconds }: Effort): string[] {
  const cpu = (cpuSeconds[MEASURING] ?? 0) + (cpuSeconds.postgres ?? 0);
  const hours = (seconds * 100) / percent / 3_600;
  const each = (cpu * 1e6) / Math.max(checked, 1);
  return [what, String(checked), seconds.toFixed(2), cpu.toFixed(2), each.toFixed(1), hours.toFixed(2)];
}
