import { setTimeout as pause } from 'node:timers/promises';
import { askDashboard, type AskedFigures } from './ask-dashboard';

const AGAIN_MS = 100;

/**
 * Asks about a moment that nobody has asked about, until the answer is there; then each question with filters, of the
 * same moment.
 */
export async function askPast(url: string, times: number): Promise<AskedFigures[]> {
  const moment = `&known_at=${new Date(Date.now() - 30 * 86_400_000).toISOString()}`;
  const before = await memoryOf(url);
  const begun = performance.now();
  const first = await answered(`${url}/api/summary?${moment}`, begun);
  console.log(
    `  the first answer, "computing", came after ${first.heard.toFixed(0)} ms, the figures after ` +
      `${(first.answered / 1_000).toFixed(1)} s; ${first.orders} orders`,
  );
  console.log(`  memory of cdm: ${before} MiB before, ${await memoryOf(url)} MiB after it`);
  return askDashboard(url, times, () => Promise.resolve(), moment);
}

/** @returns milliseconds until something was heard, and until the answer was there */
async function answered(
  path: string,
  begun: number,
): Promise<{ heard: number; answered: number; orders: number }> {
  let heard: number | undefined;
  for (;;) {
    const response = await fetch(path);
    const answer = (await response.json()) as { orders: number };
    heard ??= performance.now() - begun;
    if (response.status === 200) {
      return { heard, answered: performance.now() - begun, orders: answer.orders };
    }
    if (response.status !== 202) {
      throw new Error(`${path}: ${JSON.stringify(answer)}`);
    }
    await pause(AGAIN_MS);
  }
}

async function memoryOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Math.round(Number(/^process_resident_memory_bytes(?:{.*})? (\S+)/m.exec(text)![1]) / 2 ** 20);
}
