import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { onNewStack } from './bench/bench-stack';
import { textTable } from '../ops/text-table';
import { askDashboard } from './dashboard/ask-dashboard';
import { writeOrders } from './dashboard/write-orders';
import { launchServices, stopServices, untilReady } from './services/local-services';

const help = `npx tsx dev/bench-dashboard.ts [--orders N] [--days N] [--times N]

How long cdm takes for the figures of the dashboard, in milliseconds, after npm run build. On servers of its own, over a ledger that is
written by SQL: N orders (default 1000000) of the last N days (default 180). Each question is asked N times (default 40), with
another filter each time.
`;

try {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '1000000' },
      days: { type: 'string', default: '180' },
      times: { type: 'string', default: '40' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(help);
  } else {
    await measure(Number(values.orders), Number(values.days), Number(values.times));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function measure(orders: number, days: number, times: number): Promise<void> {
  await onNewStack(async ({ environment, database }) => {
    console.log(`  writing ${orders} orders of ${days} days`);
    await database.query(writeOrders(orders, days));
    await database.query('VACUUM ANALYZE');
    const services = await launchServices(environment, mkdtempSync(join(tmpdir(), 'bench-dashboard-')));
    try {
      await untilReady(services);
      const cdm = services.find(({ name }) => name === 'cdm')!;
      const url = `http://127.0.0.1:${cdm.port}`;
      console.log(`  the copy of the ledger is there after ${await copied(url)} s`);
      const count = () => database.query('UPDATE cdm.counted_batches SET batch_cnt = batch_cnt + 1');
      const figures = await askDashboard(url, times, count);
      const rows = figures.map(({ filter, question, p50, p95 }) => [
        filter,
        question,
        p50.toFixed(0),
        p95.toFixed(0),
      ]);
      console.log(textTable([['filter', 'question', 'p50', 'p95'], ...rows], [0, 1]));
    } finally {
      await stopServices(services);
    }
  });
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
