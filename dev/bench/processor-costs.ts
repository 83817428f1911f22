import type { CatchUp } from './bench-report';

/** The process that measures: what it takes is no cost of an order. */
export const MEASURING = 'this benchmark';

/** Processor milliseconds for 1,000 orders, all processes of a service together. */
export interface ProcessorCost {
  /** `stg`, `postgres`, or `together` for all of them. */
  process: string;
  all: number;
  /** Without what its processes took until they were ready. */
  withoutStart: number;
}

/** What the three services cost together. */
export function serviceCost(history: CatchUp): Pick<ProcessorCost, 'all' | 'withoutStart'> {
  const own = processorCosts(history, history.orders).filter(({ process }) => process in history.services);
  const sum = (cost: 'all' | 'withoutStart') => own.reduce((total, one) => total + one[cost], 0);
  return { all: sum('all'), withoutStart: sum('withoutStart') };
}

/** What services and servers cost; the last is their sum. */
export function processorCosts(
  { cpuSeconds, startCpuSeconds = {} }: Pick<CatchUp, 'cpuSeconds' | 'startCpuSeconds'>,
  orders: number,
): ProcessorCost[] {
  const [all, start] = [ofAllReplicas(cpuSeconds), ofAllReplicas(startCpuSeconds)];
  all.delete(MEASURING);
  const milliseconds = (seconds: number) => (seconds / orders) * 1_000_000;
  const costs = Array.from(all, ([process, seconds]) => ({
    process,
    all: milliseconds(seconds),
    withoutStart: milliseconds(seconds - (start.get(process) ?? 0)),
  }));
  const sum = (cost: 'all' | 'withoutStart') => costs.reduce((total, one) => total + one[cost], 0);
  return [...costs, { process: 'together', all: sum('all'), withoutStart: sum('withoutStart') }];
}

/** Processor milliseconds a second of a time, by process, all processes of a service together. */
export function processorShares(cpuSeconds: Record<string, number>, seconds: number): Record<string, number> {
  const sums = ofAllReplicas(cpuSeconds);
  sums.delete(MEASURING);
  return Object.fromEntries(Array.from(sums, ([process, sum]) => [process, (sum / seconds) * 1_000]));
}

/** Seconds by the name of the service: its second process is "stg 2". */
function ofAllReplicas(seconds: Record<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, one] of Object.entries(seconds)) {
    const process = name.replace(/ \d+$/, '');
    sums.set(process, (sums.get(process) ?? 0) + one);
  }
  return sums;
}
