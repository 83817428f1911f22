import { expect } from 'vitest';
import type { ServiceProcess } from '../../harness/service-process';
import { samplesOf } from '../../metrics/exposition';
import { eventually } from '../../harness/eventually';
import { liveness, logged, readiness } from './service-health';

/** What is promised is 30 s; a busy machine takes more. */
export const SEEN_MS = 60_000;

/** Of a line about something that waits: a batch or the consumer, a job, a consumer that had to leave the group. */
const BEGINNING = /^(waiting|tries again|the consumer starts again): /;

export interface Seen {
  /** The name in the answer of readiness, alone. */
  server: 'kafka' | 'postgresql' | 'redis';
  /** In that answer, and in a line of the log. */
  words: RegExp;
}

/**
 * Waits until a standstill shows in all places: readiness names the one server and the cause, a line of the log the
 * cause, and the metric counts how long that server is waited for. Liveness stays good: a new start would not help.
 * @throws naming the place in which it does not show
 */
export async function untilSeen(service: ServiceProcess, { server, words }: Seen): Promise<void> {
  const since = performance.now();
  await eventually(async () => {
    const { status, down } = await readiness(service);
    return status === 503 && Object.keys(down).join() === server && words.test(down[server]!)
      ? undefined
      : `${service.name} answers ${status} with ${JSON.stringify(down)}`;
  }, SEEN_MS);
  await eventually(async () => {
    const seconds = await figure(service, 'order_vault_waiting_seconds', server);
    return seconds! > 0 ? undefined : `order_vault_waiting_seconds of ${server} is ${seconds}`;
  }, SEEN_MS);
  await eventually(async () => {
    const lines = logged(service, 'warn', 'error').map((line) => (JSON.parse(line) as { msg: string }).msg);
    return lines.some((line) => BEGINNING.test(line) && words.test(line)) ? undefined : service.tail();
  }, SEEN_MS);
  console.log(`${service.name}: seen after ${((performance.now() - since) / 1000).toFixed(1)} s`);
  expect((await liveness(service)).status).toBe(200);
}

/** The value of a metric with such a label; undefined where there is none, or no answer. */
export async function figure(
  service: ServiceProcess,
  name: string,
  label?: string,
): Promise<number | undefined> {
  const answer = await fetch(`${service.url}/metrics`).catch(() => undefined);
  const samples = samplesOf((await answer?.text()) ?? '');
  return samples.find(
    (one) => one.name === name && (label === undefined || Object.values(one.labels).includes(label)),
  )?.value;
}
