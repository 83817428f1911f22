import type { BenchReport, CatchUp, Effort, ScaledCatchUp, TracedCatchUp } from './bench-report';
import { median } from './percentile';
import { processorCosts, serviceCost } from './processor-costs';

/** One number of a report, and what it should at most be where there is a goal. Less is better. */
export interface Figure {
  name: string;
  unit: 's' | 'ms' | 'MiB' | 'KiB' | '';
  value: number;
  goal?: number;
}

const services = ['stg', 'dds', 'cdm'] as const;

/** Ratios vary by some hundredths from run to run. */
const GROWTH_GOAL = 1.1;
/** Processor time at the 500,000th order to that at the 50,000th, if histories of 50,000 follow each other. */
const GROWTH_COST_GOAL = 1.15;
const SECONDS_GOAL = 1.5;
const PROCESSOR_GOAL = 2.5;
const LOG_GOAL = 1;
/** By how many processes there are of each service: processor time, divided by that of one. */
const SCALE_GOALS: Record<number, number> = { 4: 1.2, 8: 1.35 };
const MEMORY_GOAL = 256;
const TAGS_GOAL = 1.15;
const TRACES_GOAL = 1.03;

/**
 * The numbers by which two reports compare: the goals first. Of several runs it is the median unless the name says
 * otherwise.
 */
export function figuresOf(report: BenchReport): Figure[] {
  return [
    ...ratios(report),
    ...costRatios(report),
    ...freshness(report),
    ...growth(report),
    ...scale(report),
    ...tags(report),
    ...traces(report),
    ...memory(report),
    ...costs(report),
  ];
}

function ratios({ runs }: BenchReport): Figure[] {
  const ratio = runs.map(({ history, floor }) => history.seconds / floor.seconds);
  return [
    { name: 'history / floor', unit: '', value: median(ratio), goal: SECONDS_GOAL },
    ...(runs.length > 1
      ? [{ name: 'history / floor, least', unit: '' as const, value: Math.min(...ratio), goal: SECONDS_GOAL }]
      : []),
    { name: 'history', unit: 's', value: median(runs.map(({ history }) => history.seconds)) },
    { name: 'floor', unit: 's', value: median(runs.map(({ floor }) => floor.seconds)) },
  ];
}

function costRatios({ runs }: BenchReport): Figure[] {
  const ratio = (
    name: string,
    quantity: (run: BenchReport['runs'][number]) => number,
    goal?: number,
  ): Figure => ({
    name: `${name}, history / floor`,
    unit: '',
    value: median(runs.map(quantity)),
    goal,
  });
  // Of a run both have as many orders, so their number is of no matter to a ratio.
  const cost = (effort: Effort) => processorCosts(effort, 1).at(-1)!;
  return [
    ratio('processor', ({ history, floor }) => cost(history).all / cost(floor).all, PROCESSOR_GOAL),
    ...(runs.every(({ history }) => history.startCpuSeconds)
      ? [
          ratio(
            'processor without start',
            ({ history, floor }) => cost(history).withoutStart / cost(floor).all,
          ),
        ]
      : []),
    ratio('write-ahead log', ({ history, floor }) => history.walBytes / floor.walBytes, LOG_GOAL),
  ];
}

function freshness({ freshness: delays }: BenchReport): Figure[] {
  if (!delays) {
    return [];
  }
  const { p50, p95, p99, max } = delays;
  return [
    { name: 'freshness p50', unit: 'ms', value: p50, goal: 50 },
    { name: 'freshness p95', unit: 'ms', value: p95 },
    { name: 'freshness p99', unit: 'ms', value: p99, goal: 50 },
    { name: 'freshness, longest', unit: 'ms', value: max },
  ];
}

function growth({ growth: histories }: BenchReport): Figure[] {
  const [first, second] = histories ?? [];
  const last = histories?.at(-1);
  if (!first || !second || !last) {
    return [];
  }
  return [
    { name: 'second history / first', unit: '', value: second.seconds / first.seconds, goal: GROWTH_GOAL },
    { name: 'tenth history / first', unit: '', value: last.seconds / first.seconds, goal: GROWTH_GOAL },
    {
      name: 'tenth history / first, processor of PostgreSQL',
      unit: '',
      value: postgresSeconds(last) / postgresSeconds(first),
      goal: GROWTH_COST_GOAL,
    },
  ];
}

function postgresSeconds({ cpuSeconds }: CatchUp): number {
  return cpuSeconds.postgres ?? NaN;
}

function scale({ scale: measured = [] }: BenchReport): Figure[] {
  const [one, ...others] = measured;
  return others.map((many) => ({
    name: `processor at ${many.replicas} processes / at 1`,
    unit: '',
    value: scaleCost(many) / scaleCost(one!),
    goal: SCALE_GOALS[many.replicas],
  }));
}

function scaleCost(history: ScaledCatchUp): number {
  return processorCosts(history, history.orders).at(-1)!.withoutStart;
}

function tags({ tags: measured }: BenchReport): Figure[] {
  if (!measured) {
    return [];
  }
  const least = (has: boolean) =>
    Math.min(...measured.filter(({ rules }) => rules > 0 === has).map(({ seconds }) => seconds));
  return [
    {
      name: 'cdm with ten tag rules / without',
      unit: '',
      value: least(true) / least(false),
      goal: TAGS_GOAL,
    },
  ];
}

function traces({ traces: measured }: BenchReport): Figure[] {
  if (!measured) {
    return [];
  }
  const least = (isTraced: boolean, quantity: (history: TracedCatchUp) => number) =>
    Math.min(...measured.filter(({ received }) => (received !== undefined) === isTraced).map(quantity));
  const ratio = (name: string, quantity: (history: TracedCatchUp) => number, goal?: number): Figure => ({
    name: `${name} with traces / without`,
    unit: '',
    value: least(true, quantity) / least(false, quantity),
    goal,
  });
  return [
    ratio('history', ({ seconds }) => seconds, TRACES_GOAL),
    ratio('services, processor without start,', (one) => serviceCost(one).withoutStart),
    ratio('services, processor', (one) => serviceCost(one).all),
  ];
}

function memory({ runs, growth: histories = [], backlog }: BenchReport): Figure[] {
  const peak = (of: readonly CatchUp[], name: (typeof services)[number]) =>
    Math.max(...of.map((one) => one.services[name].peakMemory));
  const all = [...runs.map(({ history }) => history), ...histories];
  return [
    ...services.map((name) => ({
      name: `memory of ${name}`,
      unit: 'MiB' as const,
      value: peak(all, name),
      goal: MEMORY_GOAL,
    })),
    ...(backlog
      ? services.map((name) => ({
          name: `memory of ${name}, backlog`,
          unit: 'MiB' as const,
          value: peak([backlog], name),
          goal: MEMORY_GOAL,
        }))
      : []),
  ];
}

/** What a thousand orders cost, in the last run. */
function costs({ runs }: BenchReport): Figure[] {
  const { history, floor } = runs.at(-1)!;
  const cost = (name: string, effort: Effort | CatchUp): Figure[] => [
    ...processorCosts(effort, history.orders).flatMap(({ process, all, withoutStart }): Figure[] => [
      { name: `${name}: processor, ${process}`, unit: 'ms', value: all },
      ...('startCpuSeconds' in effort && effort.startCpuSeconds
        ? [
            {
              name: `${name}: processor without start, ${process}`,
              unit: 'ms' as const,
              value: withoutStart,
            },
          ]
        : []),
    ]),
    {
      name: `${name}: write-ahead log`,
      unit: 'KiB',
      value: (effort.walBytes / 1024 / history.orders) * 1_000,
    },
  ];
  return [...cost('1,000 orders of history', history), ...cost('1,000 orders of floor', floor)];
}
