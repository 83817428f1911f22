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
import { fillDictionary, fillTopic, weekOfOrders } from './bench/bench-history';
import { tenRules } from './bench/bench-rules';
import { onNewStack, type BenchStack } from './bench/bench-stack';
import { untilAllIsRead } from './bench/until-all-is-read';
import { EffortMeter } from './bench/effort-meter';
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
        rows.push(await lookAtAll(warehouse, round));
      }
      console.log(
        textTable([['round', 'rows', 'wrong', 'seconds', 'µs a row', 'hours a round'], ...rows], [0]),
      );
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

/** Each piece in a transaction, as the auditor does it. */
async function lookAtAll(warehouse: Warehouse, round: Round): Promise<string[]> {
  const { what, keys, percent } = round;
  let [checked, wrong] = [0, 0];
  const begun = performance.now();
  for (let after: string | null = keys.first; after !== null;) {
    const from: string = after;
    after = await warehouse.transaction(async (client) => {
      const layers = new Layers(client, new Map());
      const last = await round.bound(layers, from, KEYS);
      const look = await round.look(layers, from, last ?? keys.last);
      checked += look.checked;
      wrong += look.wrong.length;
      return last;
    });
  }
  const seconds = (performance.now() - begun) / 1_000;
  const hours = (seconds * 100) / percent / 3_600;
  const each = (seconds * 1e6) / Math.max(checked, 1);
  return [what, String(checked), String(wrong), seconds.toFixed(2), each.toFixed(0), hours.toFixed(2)];
}
