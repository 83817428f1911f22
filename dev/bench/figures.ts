import type { BenchReport, CatchUp, Effort } from './bench-report';
import { median } from './percentile';

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
const MEMORY_GOAL = 256;
const TAGS_GOAL = 1.15;

/**
 * The numbers by which two reports compare: the goals first. Of several runs it is the median unless the name says
 * otherwise.
 */
export function figuresOf(report: BenchReport): Figure[] {
  return [
    ...ratios(report),
    ...freshness(report),
    ...growth(report),
    ...tags(report),
    ...memory(report),
    ...costs(report),
  ];
}

function ratios({ runs }: BenchReport): Figure[] {
  const ratio = runs.map(({ history, floor }) => history.seconds / floor.seconds);
  return [
    { name: 'history / floor', unit: '', value: median(ratio), goal: 1 },
    ...(runs.length > 1
      ? [{ name: 'history / floor, least', unit: '' as const, value: Math.min(...ratio), goal: 1 }]
      : []),
    { name: 'history', unit: 's', value: median(runs.map(({ history }) => history.seconds)) },
    { name: 'floor', unit: 's', value: median(runs.map(({ floor }) => floor.seconds)) },
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
    { name: 'freshness p99', unit: 'ms', value: p99, goal: 250 },
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
  ];
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
  const thousands = history.orders / 1_000;
  const cost = (name: string, { cpuSeconds, walBytes }: Effort): Figure[] => [
    ...Object.entries(cpuSeconds).map(([process, seconds]) => ({
      name: `${name}: processor, ${process}`,
      unit: 's' as const,
      value: seconds / thousands,
    })),
    { name: `${name}: write-ahead log`, unit: 'KiB', value: walBytes / 1024 / thousands },
  ];
  return [...cost('1,000 orders of history', history), ...cost('1,000 orders of floor', floor)];
}
