import type { RedisStore } from '@app/redis/redis-store';
import { dictionaryEntries, type Dictionary } from './dictionary';
import { LateEntries } from './late-entries';
import { OrderBatch } from './order-batch';
import type { OrderMessage } from './order-message';
import type { OrderSource } from './order-source';
import { pause } from './pause';
import type { SourceTime } from './source-time';
import { writeEntries } from './write-entries';

/** What the topic has acknowledged. */
export interface SentCounts {
  /** Distinct orders. */
  orders: number;
  messages: number;
  byReason: Record<OrderMessage['reason'], number>;
}

export interface SendOptions {
  /** Ends the sending between two batches; what is counted was sent. */
  signal?: AbortSignal;
  /** Called after every batch with all counts so far; the next batch waits for it. */
  onSent?: (counts: SentCounts, batch: readonly OrderMessage[]) => void | Promise<void>;
}

/** A moment by the clock of the source and the same moment by the machine's (milliseconds, as `Date.now()`). */
export interface LiveClock {
  source: SourceTime;
  machine: number;
}

/** Writes users and restaurants to Redis, but for the latecomers. Returns how many entries there are. */
export async function sendDictionary(redis: RedisStore, dictionary: Dictionary): Promise<number> {
  const entries = dictionaryEntries(dictionary);
  await writeEntries(redis, entries);
  return entries.length;
}

/**
 * Sends messages as fast as the broker takes them. Entries of latecomers go to Redis ten seconds after their order, and
 * are waited for; after an abort they are written at once.
 * @throws when the broker or Redis has been out of reach for half a minute. A batch that failed may have been taken in
 *   part.
 */
export function sendHistory(
  source: OrderSource,
  messages: Iterable<OrderMessage>,
  options: SendOptions = {},
): Promise<SentCounts> {
  return send(source, messages, () => 0, options);
}

/** Sends each message when the clock of the source has come to its moment; otherwise as {@link sendHistory}. */
export function sendLive(
  source: OrderSource,
  messages: Iterable<OrderMessage>,
  { clock, ...options }: SendOptions & { clock: LiveClock },
): Promise<SentCounts> {
  return send(source, messages, ({ at }) => clock.machine + at - clock.source, options);
}

async function send(
  source: OrderSource,
  messages: Iterable<OrderMessage>,
  dueAt: (message: OrderMessage) => number,
  { signal, onSent }: SendOptions,
): Promise<SentCounts> {
  const counts = nothingSent();
  const late = new LateEntries(source.redis, signal);
  const batch = new OrderBatch(source);
  const flush = async () => {
    const sent = await batch.send();
    if (sent.length === 0) {
      return;
    }
    for (const message of sent) {
      count(counts, message);
    }
    late.follow(sent);
    await onSent?.(counts, sent);
  };
  try {
    for (const message of messages) {
      const wait = dueAt(message) - Date.now();
      if (wait > 0 || batch.isFull) {
        await flush();
      }
      if (wait > 0) {
        await pause(wait, signal);
      }
      if (signal?.aborted) {
        return counts;
      }
      batch.add(message);
    }
    await flush();
    await late.written();
    return counts;
  } finally {
    late.hurry();
    await late.written();
  }
}

function nothingSent(): SentCounts {
  return {
    orders: 0,
    messages: 0,
    byReason: {
      status: 0,
      correction: 0,
      cancellation: 0,
      late: 0,
      resent: 0,
      repeat: 0,
      non_order: 0,
      broken: 0,
    },
  };
}

function count(counts: SentCounts, message: OrderMessage): void {
  counts.messages++;
  counts.byReason[message.reason]++;
  if ('version' in message && message.isFirst) {
    counts.orders++;
  }
}
