import { untilServiceReady, type LocalService } from '../services/local-services';
import { processTableOfOneMoment, treeCpuSeconds } from '../stack/process-table';
import type { EffortMeter } from './effort-meter';

/** A service works from the moment at which it is ready, so what it takes up to that is looked at soon after. */
const LOOK_MS = 50;

/**
 * Returns when all services are ready, with what the start of each took.
 * @throws when one is not ready after a minute or has ended
 */
export async function untilStarted(
  services: LocalService[],
  meter: EffortMeter,
): Promise<{ readySeconds: number; startCpuSeconds: Record<string, number> }> {
  const starts = Object.entries(byProcess(services)).map(async ([name, service]) => {
    await untilServiceReady(service, LOOK_MS);
    return [name, treeCpuSeconds(processTableOfOneMoment(), service.process.pid!)] as const;
  });
  const startCpuSeconds = Object.fromEntries(await Promise.all(starts));
  return { readySeconds: meter.seconds, startCpuSeconds };
}

/** Services by the name of the process; a second process of stg is "stg 2". */
export function byProcess(services: LocalService[]): Record<string, LocalService> {
  const processes: Record<string, LocalService> = {};
  for (const service of services) {
    const replica = Object.values(processes).filter(({ name }) => name === service.name).length + 1;
    processes[replica === 1 ? service.name : `${service.name} ${replica}`] = service;
  }
  return processes;
}
