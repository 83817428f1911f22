import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { onNewStack, type BenchStack } from './bench/bench-stack';
import { wholeNumber } from '../ops/command/option-values';
import { runCommand } from '../ops/command/run-command';
import { textTable } from '../ops/command/text-table';
import { askDashboard, type AskedFigures } from './dashboard/ask-dashboard';
import { askPast } from './dashboard/ask-past';
import { askPreviews } from './dashboard/ask-previews';
import { writeOrders } from './dashboard/write-orders';
import { writeVault } from './dashboard/write-vault';
import { launchServices, stopServices, untilReady } from './services/local-services';

interface Options {
  orders: number;
  days: number;
  users: number;
  times: number;
  previews?: true;
  past?: true;
}

await runCommand(
  new Command('npx tsx dev/bench-dashboard.ts')
    .description(
      'After npm run build: how long cdm takes for the figures of the dashboard, in milliseconds. On servers of its own, over a ' +
        'ledger that is written by SQL.',
    )
    .option('--orders <n>', 'in the ledger', wholeNumber(1), 1_000_000)
    .option('--days <n>', 'over which the orders are spread', wholeNumber(1), 180)
    .option('--users <n>', 'who may have some of them', wholeNumber(1), 50_000)
    .option('--previews', 'asks for previews and backtests of tag rules instead')
    .option('--past', 'asks about a moment of 30 days ago instead, over a vault with two versions an order')
    .option(
      '--times <n>',
      'how often each question is asked, each time with another filter',
      wholeNumber(1),
      40,
    )
    .action(measure),
);

async function measure({ orders, days, users, times, previews, past }: Options): Promise<void> {
  await onNewStack(async ({ environment, database }) => {
    console.log(`  writing ${orders} orders of ${days} days and up to ${users} users`);
    await database.query(writeOrders(orders, days, users));
    if (past) {
      await database.query(writeVault);
    }
    await database.query('VACUUM ANALYZE');
    const token = randomUUID();
    const known = { ...environment, API_TOKEN: token };
    const services = await launchServices(known, mkdtempSync(join(tmpdir(), 'bench-dashboard-')));
    try {
      await untilReady(services);
      const cdm = services.find(({ name }) => name === 'cdm')!;
      const url = `http://127.0.0.1:${cdm.port}`;
      const figures = previews
        ? await askPreviews(url, token, times)
        : past
          ? await askPast(url, times)
          : await askCharts(url, times, database);
      const rows = figures.map(({ filter, question, p50, p95 }) => [
        filter,
        question,
        p50.toFixed(0),
        p95.toFixed(0),
      ]);
      console.log(textTable([[previews ? 'rule' : 'filter', 'question', 'p50', 'p95'], ...rows], [0, 1]));
    } finally {
      await stopServices(services);
    }
  });
}

async function askCharts(
  url: string,
  times: number,
  database: BenchStack['database'],
): Promise<AskedFigures[]> {
  console.log(`  the copy of the ledger is there after ${await copied(url)} s`);
  return askDashboard(url, times, () =>
    database.query('UPDATE cdm.counted_batches SET batch_cnt = batch_cnt + 1'),
  );
}

/** Asks with one filter after the other until an answer comes quickly. */
async function copied(url: string): Promise<string> {
  const begun = Date.now();
  for (let second = 0; second < 60; second += 1) {
    const asked = Date.now();
    await (
      await fetch(
        `${url}/api/popularity/products?by=users&from=2001-01-01 00:00:${String(second).padStart(2, '0')}`,
      )
    ).text();
    if (Date.now() - asked < 250) {
      break;
    }
    await pause(500);
  }
  return ((Date.now() - begun) / 1000).toFixed(0);
}
