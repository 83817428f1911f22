import { mkdirSync } from 'node:fs';
import {
  launchServices,
  stopServices,
  type LocalService,
  type ServiceName,
} from '../services/local-services';
import type { CatchUp, ServiceEffort } from './bench-report';
import type { BenchStack } from './bench-stack';
import { EffortMeter } from './effort-meter';
import { MemoryWatch } from './memory-watch';
import type { SentHistory } from './sent-history';
import { labelOf, readMetrics, total, type Metrics } from '../services/service-metrics';
import { untilAllIsRead, type DoneSeconds } from './until-all-is-read';
import { byProcess, untilStarted } from './until-started';

export interface CatchUpOptions {
  /** Folder for the logs of the services. */
  logs: string;
  profileFolder?: string;
  /** Processes of each service; one by default. */
  replicas?: number;
}

/**
 * Starts the services on a topic that holds the history, measures until all is read, hands the running services over,
 * and stops them.
 * @param meanwhile what is to be done with the services before they are stopped
 */
export async function catchUp<T>(
  stack: BenchStack,
  { orders, messages }: SentHistory,
  { logs, profileFolder, replicas }: CatchUpOptions,
  meanwhile: (services: LocalService[]) => Promise<T>,
): Promise<{ caughtUp: CatchUp; meanwhile: T }> {
  mkdirSync(logs, { recursive: true });
  const meter = await EffortMeter.start(stack);
  const services = await launchServices(stack.environment, logs, {
    replicas,
    nodeOptions: (name) => profiling(name, profileFolder),
  });
  const memory = new MemoryWatch(services);
  try {
    const [started, doneSeconds] = await Promise.all([
      untilStarted(services, meter),
      untilAllIsRead(stack, services, meter),
    ]);
    const effort = await meter.read('order_vault', pidsOf(services));
    const caughtUp: CatchUp = {
      orders,
      messages,
      node: await nodeVersion(services),
      ...started,
      ...effort,
      seconds: doneSeconds.cdm,
      services: await serviceEfforts(services, doneSeconds, memory),
    };
    return { caughtUp, meanwhile: await meanwhile(services) };
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
  const names = [...new Set(services.map(({ name }) => name))];
  const entries = names.map(async (name) => {
    const replicas = services.filter((service) => service.name === name);
    const metrics = await Promise.all(replicas.map(({ port }) => readMetrics(port)));
    const given = batchEffort(metrics);
    return [name, { ...given, doneSeconds: doneSeconds[name], peakMemory: memory.peak(name) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as CatchUp['services'];
}

export function pidsOf(services: LocalService[]): Record<string, number> {
  const processes = Object.entries(byProcess(services));
  return Object.fromEntries(processes.map(([name, service]) => [name, service.process.pid!]));
}

async function nodeVersion([service]: LocalService[]): Promise<string> {
  const version = labelOf(await readMetrics(service!.port), 'nodejs_version_info', 'version');
  return version?.replace(/^v/, '') ?? 'unknown';
}

function batchEffort(replicas: Metrics[]): Omit<ServiceEffort, 'doneSeconds' | 'peakMemory'> {
  const sum = (sample: string, label?: string) =>
    replicas.reduce((all, metrics) => all + total(metrics, sample, label), 0);
  const seconds = (stage: string) => sum('order_vault_batch_duration_seconds_sum', `stage="${stage}"`);
  return {
    messages: sum('order_vault_messages_total'),
    batches: sum('order_vault_batch_duration_seconds_count', 'stage="handle"'),
    handleSeconds: seconds('handle'),
    publishSeconds: seconds('publish'),
    commitSeconds: seconds('commit'),
    databaseSeconds: sum('order_vault_query_duration_seconds_sum'),
    garbageSeconds: sum('nodejs_gc_duration_seconds_sum'),
  };
}
