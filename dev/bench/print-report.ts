import type {
  BenchReport,
  CatchUp,
  Effort,
  Floor,
  ScaledCatchUp,
  ServiceEffort,
  TagCost,
  TracedCatchUp,
} from './bench-report';
import type { Comparison } from './compare-reports';
import type { Machine } from './describe-machine';
import { figuresOf, type Figure } from './figures';
import { processorCosts, serviceCost } from './processor-costs';
import { workKinds, type WorkKind } from './profile-shares';
import { schemaSeconds } from './statement-statistics';
import { textTable } from '../../ops/command/text-table';

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
    printLocks(report.scale);
    printIdle(report.scale);
  }
  if (report.tags) {
    printTags(report.tags);
  }
  if (report.traces) {
    printTraces(report.traces);
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
services on Node.js ${node}, PostgreSQL ${postgres}, Kafka ${kafka}`);
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
  const costs = histories.map((history) => processorCosts(history, history.orders));
  const processes = costs[0]!.map(({ process }) => process);
  print(
    `Scale: ${whole(histories[0]!.orders)} orders, topics of ${histories[0]!.partitions} partitions; processor ` +
      'milliseconds for 1,000 orders without the start of the processes',
    [
      ['processes', 'seconds', ...processes, 'to one', 'messages in a batch: stg', 'dds', 'cdm', 'start'],
      ...histories.map((history, place) => [
        whole(history.replicas),
        seconds(history.seconds),
        ...costs[place]!.map(({ withoutStart }) => whole(withoutStart)),
        (costs[place]!.at(-1)!.withoutStart / costs[0]!.at(-1)!.withoutStart).toFixed(2),
        ...services.map((name) => whole(history.services[name].messages / history.services[name].batches)),
        whole(costs[place]!.at(-1)!.all - costs[place]!.at(-1)!.withoutStart),
      ]),
    ],
  );
}

function printLocks(histories: ScaledCatchUp[]): void {
  const waited = (history: ScaledCatchUp, table: string) => history.lockSeconds[table] ?? 0;
  const tables = [...new Set(histories.flatMap(({ lockSeconds }) => Object.keys(lockSeconds)))];
  const last = histories.at(-1)!;
  print('Scale: seconds of waiting for locks, of all connections together', [
    ['processes', ...histories.map(({ replicas }) => whole(replicas))],
    ...tables
      .toSorted((a, b) => waited(last, b) - waited(last, a))
      .map((table) => [table, ...histories.map((history) => seconds(waited(history, table)))]),
    ['together', ...histories.map(({ lockSeconds }) => seconds(sumOf(Object.values(lockSeconds))))],
  ]);
}

function printIdle(histories: ScaledCatchUp[]): void {
  const processes = Object.keys(histories[0]!.idle);
  print('Scale: processor milliseconds a second with nothing to do', [
    ['processes', ...processes, 'together'],
    ...histories.map(({ replicas, idle }) => [
      whole(replicas),
      ...processes.map((process) => whole(idle[process] ?? 0)),
      whole(sumOf(Object.values(idle))),
    ]),
  ]);
}

function sumOf(values: number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
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

function printTraces(histories: TracedCatchUp[]): void {
  const processes = processorCosts(histories[0]!, 1).map(({ process }) => process);
  print(
    `Traces of one order in ten: ${whole(histories[0]!.orders)} orders; processor milliseconds for 1,000 orders ` +
      'without the start of the processes',
    [
      ['', 'seconds', ...processes, 'services', 'with start', 'spans', 'requests', 'KiB'],
      ...histories.map((history) => [
        history.received ? 'with' : 'without',
        seconds(history.seconds),
        ...processorCosts(history, history.orders).map(({ withoutStart }) => whole(withoutStart)),
        serviceCost(history).withoutStart.toFixed(1),
        serviceCost(history).all.toFixed(1),
        whole(history.received?.spans ?? 0),
        whole(history.received?.requests ?? 0),
        whole((history.received?.bytes ?? 0) / 1024),
      ]),
    ],
  );
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
  const { orders } = history;
  const least = new Map(processorCosts(floor, orders).map(({ process, all }) => [process, all]));
  const log = ({ walBytes }: Effort) => whole((walBytes / 1024 / orders) * 1_000);
  print('Processor time, milliseconds for 1,000 orders; start: until the process was ready', [
    ['', 'history', 'start', 'without start', 'floor'],
    ...processorCosts(history, orders).map(({ process, all, withoutStart }) => [
      process,
      whole(all),
      whole(all - withoutStart),
      whole(withoutStart),
      whole(least.get(process) ?? 0),
    ]),
    ['write-ahead log, KiB', log(history), '', '', log(floor)],
  ]);
  console.log(`  start of ${services.map((name) => `${name} ${startOf(history, name)} s`).join(', ')}`);
}

function startOf({ startCpuSeconds = {} }: CatchUp, name: string): string {
  return seconds(startCpuSeconds[name] ?? 0);
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
      whole(statement.pages / 1_000),
      whole(statement.walBytes / 1024 ** 2),
      statement.text,
    ]);
  print(
    `Statements of the ${work} in PostgreSQL, at the same time too: ${sums.join(', ')}`,
    [['seconds', 'of the whole', 'calls', 'rows', 'pages, thousand', 'log, MiB', ''], ...rows],
    [6],
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
