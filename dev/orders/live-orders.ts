import type { Dictionary, Latecomer } from './dictionary';
import { drawOwner } from './draw-owner';
import { LIVE_HABITS, orderLife } from './order-life';
import { inOrderOfArrival, type LivedOrder, type OrderMessage } from './order-message';
import { Random } from './random';
import { MINUTE, type SourceTime } from './source-time';

export interface LiveOptions {
  dictionary: Dictionary;
  seed: number;
  ordersPerMinute: number;
  /** How many orders; without it the stream never ends. */
  orders?: number;
  /** When the stream begins, by the source's clock. */
  start: SourceTime;
  /** Ids count up from here. */
  firstOrderId: number;
  /** Each version once and in turn, and nothing else. */
  isClean?: boolean;
  /** One order each; without them every owner is in the dictionary from the start. */
  latecomers?: readonly Latecomer[];
}

/** More noise than in history, or a demo would wait hours for it. */
const LIVE_NOISE = { nonOrders: 0.02, broken: 0.005 };

/** Every so many orders comes a latecomer, until all have come. */
const ORDERS_PER_LATECOMER = 10;

/**
 * Orders that are opened at a steady rate and go on to their end within two minutes, in the order of arrival. The times
 * in the messages follow from `start` alone, so the same options give the same messages, byte for byte.
 */
export function liveOrders(options: LiveOptions): Generator<OrderMessage> {
  const noise = options.isClean
    ? undefined
    : { random: new Random(options.seed, 'live noise'), ...LIVE_NOISE };
  return inOrderOfArrival(livedOrders(options), noise);
}

function* livedOrders({
  dictionary,
  seed,
  ordersPerMinute,
  orders = Infinity,
  start,
  firstOrderId,
  isClean,
  latecomers = [],
}: LiveOptions): Generator<LivedOrder> {
  const random = new Random(seed, 'live');
  const disturb = isClean ? undefined : new Random(seed, 'live disturbances');
  for (let index = 0; index < orders; index++) {
    const openedAt = start + Math.floor(((index + random.next()) * MINUTE) / ordersPerMinute);
    const latecomer =
      index % ORDERS_PER_LATECOMER === 1 ? latecomers[Math.floor(index / ORDERS_PER_LATECOMER)] : undefined;
    const owner = { ...drawOwner(dictionary, random), ...latecomer };
    const orderId = BigInt(firstOrderId + index);
    const sendings = orderLife({ orderId, ...owner, openedAt, end: Infinity }, LIVE_HABITS, random, disturb);
    yield { openedAt, sendings, latecomer };
  }
}
