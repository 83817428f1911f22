import type { BenchReport } from './bench-report';
import { figuresOf, type Figure } from './figures';

export interface Comparison {
  figures: { figure: Figure; before: number; ratio: number }[];
  /** Why the two say little about each other, if so. */
  doubts: string[];
}

/** The figures that both reports have, each with its ratio to the earlier one, which must not be 0 for that. */
export function compareReports(now: BenchReport, earlier: BenchReport): Comparison {
  const before = new Map(figuresOf(earlier).map(({ name, value }) => [name, value]));
  const figures = figuresOf(now).flatMap((figure) => {
    const value = before.get(figure.name);
    return !value ? [] : [{ figure, before: value, ratio: figure.value / value }];
  });
  return { figures, doubts: doubts(now, earlier) };
}

function doubts(now: BenchReport, earlier: BenchReport): string[] {
  const [here, there] = [conditions(now), conditions(earlier)];
  return Object.keys(here)
    .filter((name) => here[name] !== there[name])
    .map((name) => `${name}: ${here[name]} now, ${there[name]} then`);
}

function conditions({ machine, runs }: BenchReport): Record<string, string | number | undefined> {
  return {
    'orders of the history': runs[0]!.history.orders,
    processor: `${machine.cores} × ${machine.processor}`,
    'Node.js': machine.node,
    PostgreSQL: machine.postgres,
    Kafka: machine.kafka,
  };
}
