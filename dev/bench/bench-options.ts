import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const help = `npm run bench [-- OPTIONS]

Measures Order Vault on this machine, against servers of its own, and prints figures that are ratios wherever they can be.
Let nothing else run meanwhile. Ctrl-C ends it and takes everything down.

Each run begins with new, empty servers:

  history    a week of orders is put into the topic, then the three services start: the time until the marts hold the newest
             version of every order and nothing is left to read
  check      before any figure counts, all layers are reconciled (npm run reconcile), and the rows of all
             tables are compared with what was sent. A difference ends the benchmark
  floor      the rows that this left are written into a second, empty database of the same server by plain SQL: the arrays
             made in advance, batches of 1,000 orders, one connection a layer, one layer after the other; the same indexes,
             foreign keys and durability. It must end with the same rows

The history is that of \`npm run orders -- --no-noise\`: each version of an order once and in turn, as it happened. A fifth of
the orders tells every status, the others their last one, so there are about 1.6 messages an order.

  --orders N               distinct orders of the history. Default: 50000
  --runs N                 how often history and floor are measured; the least and the median are told. Default: 1
  --freshness-seconds N    then, in the last run, orders are sent one at a time, 20 a second, for so long: the time from the
                           send until another connection sees the row in the marts. Default: 60; 0 for none
  --growth                 then, on new servers, ten histories after each other, with other orders at later times: what the
                           second and the tenth cost, divided by the first
  --growth-orders N        orders of each of the ten. Default: as --orders
  --backlog N              then, on new servers, the memory of the services while so many orders wait and are read
  --tags                   then, on new servers, the marts of a history filled by cdm alone, without tag rules and with ten,
                           three times in turn: the least time with rules, divided by the least without
  --scale                  then, on new servers each, the same history with 1, 2 and 4 processes of each service, and with
                           topics of 24 and 96 partitions: seconds, processor time, waiting for locks
  --profile DIR            a CPU profile of each service in the last run, for the developer tools of Chrome, and the shares of JSON,
                           Kafka, PostgreSQL, garbage and own code in it; it costs time and memory itself
  --json FILE              where the figures are written. Default: a new file beside the folders of the local stacks
  --compare FILE           ratios to the figures of an earlier run
`;

export interface BenchOptions {
  orders: number;
  runs: number;
  /** 0: not measured. */
  freshnessSeconds: number;
  /** Orders of each of the ten histories; undefined: not measured. */
  growthOrders?: number;
  /** Undefined: not measured. */
  backlogOrders?: number;
  hasTags: boolean;
  isScaled: boolean;
  profileFolder?: string;
  jsonFile?: string;
  compareFile?: string;
}

/**
 * Reads the command line.
 * @returns undefined where the help is asked for.
 * @throws naming the option and the value that can't be used.
 */
export function readBenchOptions(args: string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '50000' },
      runs: { type: 'string', default: '1' },
      'freshness-seconds': { type: 'string', default: '60' },
      growth: { type: 'boolean', default: false },
      'growth-orders': { type: 'string' },
      backlog: { type: 'string' },
      tags: { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
      profile: { type: 'string' },
      json: { type: 'string' },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    return undefined;
  }
  const { growth, 'growth-orders': growthOrders, backlog, tags, scale, profile, json, compare } = values;
  if (growthOrders !== undefined && !growth) {
    throw new Error('--growth-orders belongs to --growth, which is missing.');
  }
  if (json !== undefined && !existsSync(dirname(resolve(json)))) {
    throw new Error(`--json is a file in a folder that exists: "${json}" isn't.`);
  }
  if (compare !== undefined && !existsSync(compare)) {
    throw new Error(`--compare is a file that an earlier run wrote: "${compare}" isn't there.`);
  }
  const orders = whole('orders', values.orders, 1);
  return {
    orders,
    runs: whole('runs', values.runs, 1),
    freshnessSeconds: whole('freshness-seconds', values['freshness-seconds'], 0),
    growthOrders: growth ? whole('growth-orders', growthOrders ?? String(orders), 1) : undefined,
    backlogOrders: backlog === undefined ? undefined : whole('backlog', backlog, 1),
    hasTags: tags,
    isScaled: scale,
    profileFolder: profile && resolve(profile),
    jsonFile: json && resolve(json),
    compareFile: compare && resolve(compare),
  };
}

function whole(option: string, given: string, least: number): number {
  const number = /^\d+$/.test(given) ? Number(given) : NaN;
  if (number >= least && Number.isSafeInteger(number)) {
    return number;
  }
  throw new Error(`--${option} is a whole number from ${least}: "${given}" isn't.`);
}
