import { ArrivalQueue } from './arrival-queue';
import type { DictionaryEntry, Latecomer } from './dictionary';
import { makeBroken, makeNonOrder } from './noise';
import { orderText, type OrderVersion } from './order';
import type { Sending, SendingReason } from './order-life';
import type { Random } from './random';
import type { SourceTime } from './source-time';

/** One message of the source's topic, and what it is. */
export type OrderMessage = SentVersion | SentNoise;

interface SentMessage {
  /** When it comes to the topic. */
  at: SourceTime;
  text: string;
}

export interface SentVersion extends SentMessage {
  reason: SendingReason;
  version: OrderVersion;
  /** The first message of its order. */
  isFirst: boolean;
  /** What Redis must not know before this message, and must know some seconds after it. */
  awaits?: DictionaryEntry;
}

export interface SentNoise extends SentMessage {
  reason: 'non_order' | 'broken';
  form: string;
}

/** An order and all that is sent of it, in the order of arrival. */
export interface LivedOrder {
  openedAt: SourceTime;
  sendings: readonly Sending[];
  latecomer?: Latecomer;
}

export interface Noise {
  random: Random;
  /** Shares of messages, from 0 to 1. */
  nonOrders: number;
  broken: number;
}

/**
 * Brings what is sent of many orders into the order of arrival, as messages. In memory are only the orders that have
 * been opened and of which something is still to come.
 * @param orders sorted by their opening; may be endless.
 */
export function* inOrderOfArrival(orders: Iterable<LivedOrder>, noise?: Noise): Generator<OrderMessage> {
  const waiting = new ArrivalQueue<UnwrittenVersion>();
  for (const { openedAt, sendings, latecomer } of orders) {
    yield* arrivals(waiting, openedAt, noise);
    sendings.forEach((sending, index) => {
      const isFirst = index === 0;
      const awaits = isFirst && latecomer ? entryOf(latecomer) : undefined;
      waiting.add(sending.at, { ...sending, isFirst, awaits });
    });
  }
  yield* arrivals(waiting, Infinity, noise);
}

type UnwrittenVersion = Omit<SentVersion, 'text'>;

function* arrivals(
  waiting: ArrivalQueue<UnwrittenVersion>,
  until: SourceTime,
  noise?: Noise,
): Generator<OrderMessage> {
  for (let next = waiting.takeUntil(until); next; next = waiting.takeUntil(until)) {
    const message = { ...next, text: orderText(next.version) };
    yield message;
    if (noise) {
      yield* makeNoise(message, noise);
    }
  }
}

/** Noise comes beside the orders: a broken message is a damaged copy of one that came whole. */
function* makeNoise({ at, text }: SentVersion, { random, nonOrders, broken }: Noise): Generator<SentNoise> {
  if (random.chance(nonOrders)) {
    yield { reason: 'non_order', at, ...makeNonOrder(at, random) };
  }
  if (random.chance(broken)) {
    yield { reason: 'broken', at, ...makeBroken(text, random) };
  }
}

function entryOf(latecomer: Latecomer): DictionaryEntry {
  return 'user' in latecomer ? latecomer.user.entry : latecomer.restaurant.entry;
}
