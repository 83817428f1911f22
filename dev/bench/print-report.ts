import type {
  BenchReport,
  CatchUp,
  Effort,
  Floor,
  ScaledCatchUp,
  ServiceEffort,
  TagCost,
} from './bench-report';
import type { Comparison } from './compare-reports';
import type { Machine } from './describe-machine';
import { figuresOf, type Figure } from './figures';
import { workKinds, type WorkKind } from './profile-shares';
import { schemaSeconds } from './statement-statistics';
import { textTable } from '../../ops/text-table';

const services = ['stg', 'dds', 'cdm'] as const;
const SHOWN_STATEMENTS = 12;

/** All tables of a report; what goes into details is of the last run. */
export function printReport(report: BenchReport): void {
  const { history, floor } = report.runs.at(-1)!;
  printMachine(report.machine);
  printRuns(report.runs);
  if (report.growth) {
    printGrowth(report.growth);
  }
  if (report.scale) {
    printScale(report.scale);
  }
  if (report.tags) {
    printTags(report.tags);
  }
  printGoals(figuresOf(report).filter(({ name }) => !name.includes(':')));
  printProcessors(history, floor);
  printServices(history);
  printStatements('history', history);
  printStatements('floor', floor);
}

export function printComparison({ figures, doubts }: Comparison, file: string): void {
  print(`Compared with ${file}`, [
    ['', 'then', 'now', 'now / then'],
    ...figures.map(({ figure, before, ratio }) => [
      figure.name,
      quantity({ ...figure, value: before }),
      quantity(figure),
      ratio.toFixed(2),
    ]),
  ]);
  for (const doubt of doubts) {
    console.log(`  not alike: ${doubt}`);
  }
}

function printMachine(machine: Machine): void {
  const { processor, cores, memory, system, node, postgres, kafka, commit, at, load } = machine;
  console.log(`
${at}${commit ? `, commit ${commit}` : ''}
${cores} × ${processor}, ${memory.toFixed(0)} GiB, ${system}
Node.js ${node}, PostgreSQL ${postgres}, Kafka ${kafka}`);
  if (load > cores / 4) {
    console.log(
      `The machine was busy with other work before the start (load ${load.toFixed(1)}): the figures are worth little.`,
    );
  }
}

function printRuns(runs: BenchReport['runs']): void {
  const { orders, messages } = runs[0]!.history;
  print(`Floor and history: ${whole(orders)} orders in ${whole(messages)} messages, seconds`, [
    ['', 'floor', 'stg', 'dds', 'cdm', 'history', 'of it start', 'orders/s', 'history / floor'],
    ...runs.map(({ history, floor }, place) => [
      `run ${place + 1}`,
      seconds(floor.seconds),
      ...services.map((name) => seconds(floor.layers[name])),
      seconds(history.seconds),
      seconds(history.readySeconds),
      whole(history.orders / history.seconds),
      (history.seconds / floor.seconds).toFixed(2),
    ]),
  ]);
}

function printGrowth(histories: CatchUp[]): void {
  print(`Growth: histories of ${whole(histories[0]!.orders)} orders after each other`, [
    ['', 'seconds', 'to the first', 'PostgreSQL, processor seconds', 'log, MiB'],
    ...histories.map((history, place) => [
      `history ${place + 1}`,
      seconds(history.seconds),
      (history.seconds / histories[0]!.seconds).toFixed(2),
      seconds(history.cpuSeconds.postgres ?? 0),
      whole(history.walBytes / 1024 ** 2),
    ]),
  ]);
}

function printScale(histories: ScaledCatchUp[]): void {
  const cost = ({ cpuSeconds, orders }: CatchUp, process: string) => {
    const sum = Object.entries(cpuSeconds)
      .filter(([name]) => name.split(' ')[0] === process)
      .reduce((all, [, one]) => all + one, 0);
    return whole((sum / orders) * 1_000_000);
  };
  const processes = [...services, 'kafka', 'postgres'];
  print(
    `Scale: seconds of a history, processor milliseconds for 1,000 orders, seconds of waiting for locks`,
    [
      ['processes', 'partitions', 'seconds', ...processes, 'locks', 'most on'],
      ...histories.map((history) => {
        const locks = Object.entries(history.lockSeconds).sort(([, a], [, b]) => b - a);
        return [
          whole(history.replicas),
          whole(history.partitions),
          seconds(history.seconds),
          ...processes.map((process) => cost(history, process)),
          seconds(locks.reduce((sum, [, one]) => sum + one, 0)),
          locks[0] ? `${locks[0][0]} (${seconds(locks[0][1])})` : '',
        ];
      }),
    ],
  );
}

function printTags(costs: TagCost[]): void {
  print(`Tags: cdm alone fills the marts of ${whole(costs[0]!.orders)} orders`, [
    ['rules', 'seconds', 'cdm, processor seconds', 'PostgreSQL, processor seconds'],
    ...costs.map((cost) => [
      whole(cost.rules),
      seconds(cost.seconds),
      seconds(cost.cpuSeconds.cdm ?? 0),
      seconds(cost.cpuSeconds.postgres ?? 0),
    ]),
  ]);
}

function printGoals(figures: Figure[]): void {
  print('Goals', [
    ['', 'measured', 'goal', ''],
    ...figures.map((figure) => {
      const { value, goal } = figure;
      if (goal === undefined) {
        return [figure.name, quantity(figure), '', ''];
      }
      return [
        figure.name,
        quantity(figure),
        quantity({ ...figure, value: goal }),
        value <= goal ? 'met' : 'missed',
      ];
    }),
  ]);
}

function printProcessors(history: CatchUp, floor: Floor): void {
  const thousands = history.orders / 1_000;
  const cells = (used: (effort: Effort) => number) =>
    [history, floor].flatMap((effort) => [
      whole((used(effort) / thousands) * 1_000),
      share(used(effort), effort.seconds),
    ]);
  const all = ({ cpuSeconds }: Effort) => Object.values(cpuSeconds).reduce((sum, one) => sum + one, 0);
  const log = ({ walBytes }: Effort) => whole(walBytes / 1024 / thousands);
  print('Processor time: milliseconds for 1,000 orders, and share of the time of one core', [
    ['', 'history', '', 'floor', ''],
    ...Object.keys(history.cpuSeconds).map((name) => [
      name,
      ...cells(({ cpuSeconds }) => cpuSeconds[name] ?? 0),
    ]),
    ['together', ...cells(all)],
    ['write-ahead log, KiB', log(history), '', log(floor), ''],
  ]);
}

function printServices({ services: efforts, seconds: all }: CatchUp): void {
  const inHand = (one: ServiceEffort) => one.handleSeconds + one.publishSeconds + one.commitSeconds;
  const lines: [string, (effort: ServiceEffort) => string][] = [
    ['nothing left to read after, s', ({ doneSeconds }) => seconds(doneSeconds)],
    ['messages a second until then', ({ messages, doneSeconds }) => whole(messages / doneSeconds)],
    ['messages in a batch', ({ messages, batches }) => whole(messages / batches)],
    ['batches in hand at once', (effort) => (inHand(effort) / effort.doneSeconds).toFixed(2)],
    ['time of a batch, ms', (effort) => whole((inHand(effort) / effort.batches) * 1_000)],
    ['  waiting for PostgreSQL', (effort) => share(effort.databaseSeconds, inHand(effort))],
    [
      '  own work, Redis, waiting for the thread',
      (effort) => share(effort.handleSeconds - effort.databaseSeconds, inHand(effort)),
    ],
    ['  until Kafka has the outputs', (effort) => share(effort.publishSeconds, inHand(effort))],
    ['  until the offset has moved', (effort) => share(effort.commitSeconds, inHand(effort))],
    ['garbage collection, of the whole time', ({ garbageSeconds }) => share(garbageSeconds, all)],
    ['most memory, MiB', ({ peakMemory }) => whole(peakMemory)],
  ];
  print('Where the time goes in the services, in the history', [
    ['', ...services],
    ...lines.map(([title, cell]) => [title, ...services.map((name) => cell(efforts[name]))]),
  ]);
}

/** @param shares of stg, dds and cdm */
export function printProfile(shares: Record<WorkKind, number>[]): void {
  print('What the processor time of the services went into, by the profiles', [
    ['', ...services],
    ...workKinds.map((kind) => [kind, ...shares.map((one) => share(one[kind], 1))]),
  ]);
}

function printStatements(work: string, { statements, seconds: all }: Effort): void {
  if (statements.length === 0) {
    return;
  }
  const sums = [...services, ''].map(
    (schema) => `${schema || 'others'} ${seconds(schemaSeconds(statements, schema))} s`,
  );
  const rows = statements
    .slice(0, SHOWN_STATEMENTS)
    .map((statement) => [
      seconds(statement.seconds),
      share(statement.seconds, all),
      whole(statement.calls),
      whole(statement.rows),
      statement.text,
    ]);
  print(
    `Statements of the ${work} in PostgreSQL, at the same time too: ${sums.join(', ')}`,
    [['seconds', 'of the whole', 'calls', 'rows', ''], ...rows],
    [4],
  );
}

function print(title: string, rows: string[][], left?: number[]): void {
  console.log(`\n${title}\n${textTable(rows, left).replaceAll(/^/gm, '  ')}`);
}

function quantity({ value, unit }: Figure): string {
  const digits = unit === 'MiB' || unit === 'KiB' ? 0 : unit === 'ms' ? 1 : 2;
  return `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}

function seconds(value: number): string {
  return value.toFixed(2);
}

function share(part: number, all: number): string {
  return `${((part / all) * 100).toFixed(0)} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
