import { InvalidArgumentError, Option, type Command } from 'commander';
import { wholeNumber } from '../../ops/command/option-values';
import { kafkaVariables } from '../../ops/servers/connect-kafka';
import { formatSourceTime, parseSourceTime, type SourceTime } from './source-time';

export interface OrderOptions {
  orders: number;
  /** Live orders a minute. */
  rate: number;
  live?: number;
  end?: SourceTime;
  firstId?: number;
  seed: number;
  users: number;
  restaurants: number;
  noise: boolean;
  dictionaryOnly?: true;
  dictionary: boolean;
  list?: string;
  /** Of one's own. */
  file?: string;
}

/** Ids stay exact as numbers, also when a long stream has added to them. */
const GREATEST_FIRST_ID = 2 ** 52;

/** Adds what the order source says of itself, and its options. */
export function addOrderOptions(command: Command): Command {
  return command
    .description(
      'The order source of a demo or test: fills the Redis dictionary, sends a week of orders to the topic, then a live stream ' +
        'in which every order goes on to its end within two minutes. All of it follows from the seed: the same options give the ' +
        'same messages, byte for byte. Ctrl-C ends it.',
    )
    .option(
      '--orders <n>',
      'distinct orders of the history; there are more messages; 0 for none',
      wholeNumber(0),
      50_000,
    )
    .option('--rate <r>', 'live orders a minute; 0 for none, which ends after the history', rate, 5)
    .option('--live <n>', 'end the live stream after so many orders (default: never)', wholeNumber(1))
    .option(
      '--end <time>',
      '"YYYY-MM-DD HH:MM:SS", when the week ends and the live stream begins (default: now)',
      time,
    )
    .option(
      '--first-id <n>',
      'order ids count up from here (default: above all orders that are already in the topic)',
      wholeNumber(1, GREATEST_FIRST_ID),
    )
    .option('--seed <s>', 'of all that is drawn', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--users <n>', 'in the dictionary', wholeNumber(1, 1_000_000), 1_000)
    .option('--restaurants <n>', 'in the dictionary', wholeNumber(1, 10_000), 50)
    .option(
      '--no-noise',
      'every version once and in turn: no repeats, corrections, late or cancelled-after-close versions, no messages that are ' +
        'no orders, or broken, or that wait for the dictionary',
    )
    .addOption(new Option('--dictionary-only', 'send no orders').conflicts('dictionary'))
    .option(
      '--no-dictionary',
      'leave Redis alone: it was filled before, with the same seed, users and restaurants',
    )
    .option('--list <file>', 'one JSON line for each message sent, with what a recount needs to know of it')
    .option(
      '--file <file>',
      'send the lines of this file and nothing else: messages, and users and restaurants of the dictionary, which have an "_id"',
    )
    .addHelpText(
      'after',
      `\nEnvironment: ${kafkaVariables};\nREDIS_URL (with REDIS_SSL_CA), SOURCE_TOPIC, SOURCE_TIME_ZONE.`,
    );
}

function rate(given: string): number {
  const number = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN;
  if (number === 0 || (number >= 0.001 && number <= 1_000_000)) {
    return number;
  }
  throw new InvalidArgumentError('It is 0 or a number from 0.001 to 1000000.');
}

function time(given: string): SourceTime {
  const parsed = parseSourceTime(given);
  if (parsed === undefined) {
    throw new InvalidArgumentError('It is a time YYYY-MM-DD HH:MM:SS.');
  }
  return parsed;
}

/**
 * The time by the clock of the source.
 * @throws naming the variable where there is no such time zone
 */
export function sourceNow(timeZone = 'UTC'): SourceTime {
  try {
    // Sweden writes times as the source does.
    return parseSourceTime(new Date().toLocaleString('sv-SE', { timeZone }))!;
  } catch {
    throw new Error(`SOURCE_TIME_ZONE is a time zone such as Europe/Moscow: "${timeZone}" isn't.`);
  }
}

/** The options that make the same messages again. */
export function repeatableOptions(options: OrderOptions, end: SourceTime, firstOrderId: number): string {
  const { orders, rate: perMinute, live, seed, users, restaurants, noise, dictionary } = options;
  return [
    `--orders ${orders} --rate ${perMinute}`,
    live !== undefined && `--live ${live}`,
    `--end "${formatSourceTime(end)}" --first-id ${firstOrderId}`,
    `--seed ${seed} --users ${users} --restaurants ${restaurants}`,
    !noise && '--no-noise',
    !dictionary && '--no-dictionary',
  ]
    .filter(Boolean)
    .join(' ');
}
