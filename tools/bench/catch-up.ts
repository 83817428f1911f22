import { mkdirSync } from 'node:fs';
import {
  launchServices,
  untilReady,
  stopServices,
  type LocalService,
  type ServiceName,
} from '../services/local-services';
import type { CatchUp, ServiceEffort } from './bench-report';
import type { BenchStack } from './bench-stack';
import { EffortMeter } from './effort.meter';
import { MemoryWatch } from './memory.watch';
import type { SentHistory } from './sent-history';
import { readMetrics, total, type Metrics } from './service-metrics';
import { untilAllIsRead, type DoneSeconds } from './until-all-is-read';

export interface CatchUpOptions {
  /** Folder for the logs of the services. */
  logs: string;
  profileFolder?: string;
}

/**
 * Starts the services on a topic that holds the history, measures until all is read, hands the running services over, and stops them.
 * @param meanwhile what is to be done with the services before they are stopped
 */
export async function catchUp<T>(
  stack: BenchStack,
  { orders, messages }: SentHistory,
  { logs, profileFolder }: CatchUpOptions,
  meanwhile: () => Promise<T>,
): Promise<{ caughtUp: CatchUp; meanwhile: T }> {
  mkdirSync(logs, { recursive: true });
  const meter = await EffortMeter.start(stack);
  const services = await launchServices(stack.environment, logs, (name) => profiling(name, profileFolder));
  const memory = new MemoryWatch(services);
  try {
    const [readySeconds, doneSeconds] = await Promise.all([
      untilReady(services).then(() => meter.seconds),
      untilAllIsRead(stack, services, meter),
    ]);
    const pids = Object.fromEntries(services.map(({ name, process: { pid } }) => [name, pid!]));
    const effort = await meter.read('order_vault', pids);
    const caughtUp: CatchUp = {
      orders,
      messages,
      readySeconds,
      ...effort,
      seconds: doneSeconds.cdm,
      services: await serviceEfforts(services, doneSeconds, memory),
    };
    return { caughtUp, meanwhile: await meanwhile() };
  } finally {
    memory.end();
    await stopServices(services);
  }
}

function profiling(name: ServiceName, folder: string | undefined): string[] {
  return folder === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

async function serviceEfforts(
  services: LocalService[],
  doneSeconds: DoneSeconds,
  memory: MemoryWatch,
): Promise<CatchUp['services']> {
  const entries = services.map(async ({ name, port }) => {
    const told = batchEffort(await readMetrics(port));
    return [name, { ...told, doneSeconds: doneSeconds[name], peakMemory: memory.peak(name) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as CatchUp['services'];
}

function batchEffort(metrics: Metrics): Omit<ServiceEffort, 'doneSeconds' | 'peakMemory'> {
  const seconds = (stage: string) =>
    total(metrics, 'order_vault_batch_duration_seconds_sum', `stage="${stage}"`);
  return {
    messages: total(metrics, 'order_vault_messages_total'),
    batches: total(metrics, 'order_vault_batch_duration_seconds_count', 'stage="handle"'),
    handleSeconds: seconds('handle'),
    publishSeconds: seconds('publish'),
    commitSeconds: seconds('commit'),
    databaseSeconds: total(metrics, 'order_vault_query_duration_seconds_sum'),
    garbageSeconds: total(metrics, 'nodejs_gc_duration_seconds_sum'),
  };
}
