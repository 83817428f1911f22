import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { wholeNumber } from '../../ops/command/option-values';

export interface BenchOptions {
  orders: number;
  runs: number;
  freshnessSeconds: number;
  growth?: true;
  growthOrders?: number;
  backlog?: number;
  tags?: true;
  traces?: true;
  scale?: true;
  profile?: string;
  json?: string;
  compare?: string;
}

/** Adds what the benchmark says of itself, and its options. */
export function addBenchOptions(command: Command): Command {
  return addReportOptions(addMoreMeasures(addRunOptions(command.description(description))));
}

function addRunOptions(command: Command): Command {
  return command
    .option('--orders <n>', 'distinct orders of the history', wholeNumber(1), 50_000)
    .option(
      '--runs <n>',
      'how often history and floor are measured; the least and the median are shown',
      wholeNumber(1),
      1,
    )
    .option(
      '--freshness-seconds <n>',
      'then, in the last run, orders are sent one at a time, 20 a second, for so long: the time from the send until another ' +
        'connection sees the row in the marts; 0 for none',
      wholeNumber(0),
      60,
    );
}

/** What is measured after the runs. */
function addMoreMeasures(command: Command): Command {
  return command
    .option(
      '--growth',
      'then, on new servers with 3 GB of shared_buffers, ten histories after each other, with other orders at later times: what ' +
        'the second and the tenth cost, divided by the first',
    )
    .addOption(
      new Option('--growth-orders <n>', 'of each of the ten, and --growth (default: as --orders)')
        .argParser(wholeNumber(1))
        .implies({ growth: true }),
    )
    .option(
      '--backlog <n>',
      'then, on new servers, the memory of the services while so many orders wait and are read',
      wholeNumber(1),
    )
    .option(
      '--tags',
      'then, on new servers, the marts of a history filled by cdm alone, without tag rules and with ten, three times in turn: ' +
        'the least time with rules, divided by the least without',
    )
    .option(
      '--traces',
      'then the same history without traces and with those of one order in ten, three times in turn, on new servers each: the ' +
        'least processor time of the services and the least seconds with traces, divided by the least without',
    )
    .option(
      '--scale',
      'then, on new servers each, the same history with 1, 2, 4 and 8 processes of each service, on topics of 24 partitions: ' +
        'processor time without the start of the processes, divided by that of one; waiting for locks, by table; and what ' +
        'the processes take that have nothing to do',
    );
}

function addReportOptions(command: Command): Command {
  return command
    .option(
      '--profile <dir>',
      'a CPU profile of each service in the last run, for the developer tools of Chrome, and the shares of JSON, Kafka, ' +
        'PostgreSQL, garbage and own code in it; it costs time and memory itself',
      (given) => resolve(given),
    )
    .option(
      '--json <file>',
      'where the figures are written (default: a new file beside the local stacks)',
      newFile,
    )
    .option('--compare <file>', 'ratios to the figures of an earlier run', existingFile);
}

function newFile(given: string): string {
  if (!existsSync(dirname(resolve(given)))) {
    throw new InvalidArgumentError('It is a file in a folder that exists.');
  }
  return resolve(given);
}

function existingFile(given: string): string {
  if (!existsSync(given)) {
    throw new InvalidArgumentError('It is a file that an earlier run wrote.');
  }
  return resolve(given);
}

const description = [
  'Measures Order Vault on this machine, against servers of its own, and prints figures that are ratios wherever they can be. ' +
    'Let nothing else run meanwhile. Ctrl-C ends it and takes everything down.',
  'Each run begins with new, empty servers and new processes, and nothing is warmed up. What a process of a service takes until it ' +
    'is ready is its start; costs are shown with and without it.',
  'history: a week of orders is put into the topic, then the three services start: the time until the marts hold the newest ' +
    'version of every order and nothing is left to read.',
  'check: before any figure counts, all layers are reconciled (npm run reconcile), and the rows of all tables are compared with ' +
    'what was sent. A difference ends the benchmark.',
  'floor: the rows that this left are written into a second, empty database of the same server by plain SQL: the arrays made in ' +
    'advance, batches of 1,000 orders, one connection a layer, one layer after the other; the same indexes, foreign keys and ' +
    'durability. It must end with the same rows.',
  'The history is that of `npm run orders -- --no-noise`: each version of an order once and in turn, as it happened. A fifth of ' +
    'the orders has every status, the others their last one, so there are about 1.6 messages an order.',
].join('\n\n');
