import type { Dictionary, Latecomer } from './dictionary';
import { drawOwner } from './draw-owner';
import { inOrderOfArrival, type LivedOrder, type OrderMessage } from './order-message';
import { HISTORY_HABITS, longestLife, orderLife } from './order-life';
import { Random } from './random';
import { DAY, HOUR, type SourceTime } from './source-time';

export interface HistoryOptions {
  dictionary: Dictionary;
  seed: number;
  /** Distinct orders; there are about twice as many messages. */
  orders: number;
  /** The end of the week that is sent; nothing is dated or sent later. */
  end: SourceTime;
  /** Ids count up from here. */
  firstOrderId: number;
  /** Each version once and in turn, and nothing else. */
  isClean?: boolean;
  /** One order each; without them every owner is in the dictionary from the start. */
  latecomers?: readonly Latecomer[];
}

/** From fewer orders than this, no wide ids and no latecomers. */
const LEAST_FOR_RARITIES = 100;

const HISTORY_NOISE = { nonOrders: 0.005, broken: 0.001 };

/** Share of a day's orders by hour, and how busy the days are, from Sunday. */
const HOURS = [2, 1, 1, 1, 1, 1, 2, 4, 7, 8, 8, 10, 15, 17, 13, 10, 10, 12, 17, 21, 20, 15, 9, 5];
const WEEKDAYS = [1.3, 0.85, 0.85, 0.9, 1, 1.3, 1.45];

/** A week of orders in the order of arrival. The same options give the same messages, byte for byte. */
export function orderHistory(options: HistoryOptions): Generator<OrderMessage> {
  const noise = options.isClean
    ? undefined
    : { random: new Random(options.seed, 'history noise'), ...HISTORY_NOISE };
  return inOrderOfArrival(livedOrders(options), noise);
}

function* livedOrders({
  dictionary,
  seed,
  orders,
  end,
  firstOrderId,
  isClean,
  latecomers = [],
}: HistoryOptions): Generator<LivedOrder> {
  const random = new Random(seed, 'history');
  const disturb = isClean ? undefined : new Random(seed, 'history disturbances');
  const late = orders < LEAST_FOR_RARITIES ? [] : latecomers;
  let index = 0;
  for (const openedAt of openings(orders, end, new Random(seed, 'history openings'))) {
    const latecomer = late[evenlySpread(index, orders, late.length) ?? -1];
    const owner = { ...drawOwner(dictionary, random), ...latecomer };
    const orderId = historyOrderId(firstOrderId + index, index, orders);
    yield {
      openedAt,
      sendings: orderLife({ orderId, ...owner, openedAt, end }, HISTORY_HABITS, random, disturb),
      latecomer,
    };
    index++;
  }
}

/**
 * Two orders of a history have ids that a JavaScript number cannot hold: odd ones beyond 2^53. They are as distinct as
 * the usual ids they come from.
 */
function historyOrderId(usual: number, index: number, orders: number): bigint {
  const isWide = orders >= LEAST_FOR_RARITIES && evenlySpread(index, orders, 2) !== undefined;
  return isWide ? 2n ** 53n + 2n * BigInt(usual) + 1n : BigInt(usual);
}

/** Which of `count` events, spread evenly over `total` orders, belongs to the order at `index`, if any. */
function evenlySpread(index: number, total: number, count: number): number | undefined {
  for (let event = 0; event < count; event++) {
    if (index === Math.floor(((event + 1) * total) / (count + 1))) {
      return event;
    }
  }
  return undefined;
}

/** Moments within the week, in order: hour by hour, as many as the hour of the day and the day of the week get. */
function* openings(count: number, end: SourceTime, random: Random): Generator<SourceTime> {
  const start = end - 7 * DAY;
  // An order needs its time to close, and one more hour leaves room for a change afterwards.
  const lastHour = Math.floor((7 * DAY - longestLife(HISTORY_HABITS) - HOUR) / HOUR);
  const weights = Array.from({ length: lastHour }, (_, hour) => businessOf(start + hour * HOUR));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let made = 0;
  for (const [hour, weight] of weights.entries()) {
    sum += weight;
    const upToHere = hour === lastHour - 1 ? count : Math.floor((count * sum) / total);
    const inHour = upToHere - made;
    for (let order = 0; order < inHour; order++) {
      yield start + hour * HOUR + Math.floor(((order + random.next()) * HOUR) / inHour);
    }
    made = upToHere;
  }
}

function businessOf(time: SourceTime): number {
  const date = new Date(time);
  return HOURS[date.getUTCHours()]! * WEEKDAYS[date.getUTCDay()]!;
}
