import { parseArgs } from 'node:util';
import { formatSourceTime, parseSourceTime, type SourceTime } from './source-time';

export const help = `npm run orders [-- OPTIONS]

The order source of a demo or test: fills the Redis dictionary, sends a week of orders to the topic, then a live stream
in which every order goes on to its end within two minutes. All of it follows from the seed: the same options give the
same messages, byte for byte. Ctrl-C ends it.

  --orders N             distinct orders of the history; there are more messages. Default: 50000; 0 for none
  --rate R               live orders a minute. Default: 5; 0 for none, which ends after the history
  --live N               end the live stream after N orders; default: never
  --end TIME             "YYYY-MM-DD HH:MM:SS", when the week ends and the live stream begins; default: now
  --first-id N           order ids count up from here. Default: so high that no order that is already in the topic has them
  --seed S               default: 1
  --users N              default: 1000
  --restaurants N        default: 50
  --no-noise             every version once and in turn: no repeats, corrections, late or cancelled-after-close versions,
                         no messages that are no orders, or broken, or that wait for the dictionary
  --dictionary-only      send no orders
  --no-dictionary        leave Redis alone: it has been filled before, with the same seed, users and restaurants
  --list FILE            one JSON line for each message sent, with what a recount needs to know of it

Environment: KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and
KAFKA_SASL_PASSWORD), REDIS_URL (with REDIS_SSL_CA), SOURCE_TOPIC, SOURCE_TIME_ZONE.
`;

export interface OrderOptions {
  orders: number;
  ordersPerMinute: number;
  liveOrders?: number;
  end: SourceTime;
  firstOrderId?: number;
  seed: number;
  users: number;
  restaurants: number;
  isClean: boolean;
  part: 'all' | 'dictionary' | 'orders';
  listFile?: string;
}

/** Ids stay exact as numbers, also when a long stream has added to them. */
const GREATEST_FIRST_ID = 2 ** 52;

/**
 * Reads the command line.
 * @returns undefined where the help is asked for.
 * @throws naming the option, or the variable SOURCE_TIME_ZONE, and the value that can't be used.
 */
export function readOrderOptions(args: string[], variables: NodeJS.ProcessEnv): OrderOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      orders: { type: 'string', default: '50000' },
      rate: { type: 'string', default: '5' },
      live: { type: 'string' },
      end: { type: 'string' },
      'first-id': { type: 'string' },
      seed: { type: 'string', default: '1' },
      users: { type: 'string', default: '1000' },
      restaurants: { type: 'string', default: '50' },
      'no-noise': { type: 'boolean', default: false },
      'dictionary-only': { type: 'boolean', default: false },
      'no-dictionary': { type: 'boolean', default: false },
      list: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    return undefined;
  }
  if (values['dictionary-only'] && values['no-dictionary']) {
    throw new Error('--dictionary-only and --no-dictionary together leave nothing to do.');
  }
  const { live, 'first-id': firstId } = values;
  return {
    orders: whole('orders', values.orders, 0),
    ordersPerMinute: rate(values.rate),
    liveOrders: live === undefined ? undefined : whole('live', live, 1),
    end: values.end === undefined ? now(variables.SOURCE_TIME_ZONE || 'UTC') : time('end', values.end),
    firstOrderId: firstId === undefined ? undefined : whole('first-id', firstId, 1, GREATEST_FIRST_ID),
    seed: whole('seed', values.seed, 0),
    users: whole('users', values.users, 1, 1_000_000),
    restaurants: whole('restaurants', values.restaurants, 1, 10_000),
    isClean: values['no-noise'],
    part: values['dictionary-only'] ? 'dictionary' : values['no-dictionary'] ? 'orders' : 'all',
    listFile: values.list,
  };
}

function whole(option: string, given: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(given) ? Number(given) : NaN;
  if (number >= least && number <= most) {
    return number;
  }
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new Error(`--${option} is a whole number ${range}: "${given}" isn't.`);
}

function rate(given: string): number {
  const number = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN;
  if (number === 0 || (number >= 0.001 && number <= 1_000_000)) {
    return number;
  }
  throw new Error(`--rate is 0 or a number from 0.001 to 1000000: "${given}" isn't.`);
}

function time(option: string, given: string): SourceTime {
  const parsed = parseSourceTime(given);
  if (parsed === undefined) {
    throw new Error(`--${option} is a time YYYY-MM-DD HH:MM:SS: "${given}" isn't.`);
  }
  return parsed;
}

function now(timeZone: string): SourceTime {
  try {
    // Sweden writes times as the source does.
    return parseSourceTime(new Date().toLocaleString('sv-SE', { timeZone }))!;
  } catch {
    throw new Error(`SOURCE_TIME_ZONE is a time zone such as Europe/Moscow: "${timeZone}" isn't.`);
  }
}

/** The options that make the same messages again. */
export function repeatableOptions(options: OrderOptions, firstOrderId: number): string {
  const { orders, ordersPerMinute, liveOrders, seed, users, restaurants } = options;
  return [
    `--orders ${orders} --rate ${ordersPerMinute}`,
    liveOrders !== undefined && `--live ${liveOrders}`,
    `--end "${formatSourceTime(options.end)}" --first-id ${firstOrderId}`,
    `--seed ${seed} --users ${users} --restaurants ${restaurants}`,
    options.isClean && '--no-noise',
    options.part === 'orders' && '--no-dictionary',
  ]
    .filter(Boolean)
    .join(' ');
}
