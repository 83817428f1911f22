import { DAY, type SourceTime } from '../orders/source-time';
import { makeDictionary, type Dictionary } from '../orders/dictionary';
import { orderHistory } from '../orders/order-history';
import type { OrderMessage, SentVersion } from '../orders/order-message';
import { sendDictionary, sendHistory } from '../orders/send-orders';
import type { BenchStack } from './bench-stack';
import { SentHistory } from './sent-history';

const SEED = 1;
const FIRST_OBJECT_ID = 10_999_500;
/** So that the same number of orders is the same history, byte for byte, whenever it is measured. */
const END = Date.UTC(2024, 2, 4);

/** Users and restaurants with their menus, into Redis. */
export async function fillDictionary({ source }: BenchStack): Promise<Dictionary> {
  const dictionary = makeDictionary({ seed: SEED });
  await sendDictionary(source.redis!, dictionary);
  return dictionary;
}

/**
 * A week of orders, each version once and in turn.
 * @param week from 0: the weeks follow each other, and have different orders
 */
export function weekOfOrders(dictionary: Dictionary, orders: number, week = 0): Iterable<OrderMessage> {
  const firstOrderId = FIRST_OBJECT_ID + orders * week;
  return orderHistory({ ...later(week), dictionary, orders, firstOrderId, isClean: true });
}

/** First versions of orders, one an order, after any week. */
export function* newOrders(dictionary: Dictionary, orders: number): Generator<SentVersion> {
  const firstOrderId = FIRST_OBJECT_ID + 1_000_000_000;
  for (const message of orderHistory({ ...later(1_000), dictionary, orders, firstOrderId, isClean: true })) {
    if ('version' in message && message.isFirst) {
      yield message;
    }
  }
}

function later(weeks: number): { seed: number; end: SourceTime } {
  return { seed: SEED + weeks, end: END + 7 * DAY * weeks };
}

/** Puts messages into the topic of the source. */
export async function fillTopic(
  { source }: BenchStack,
  messages: Iterable<OrderMessage>,
): Promise<SentHistory> {
  const history = new SentHistory();
  await sendHistory(source, messages, {
    onSent: (_, batch) => batch.forEach((message) => history.add(message)),
  });
  return history;
}
