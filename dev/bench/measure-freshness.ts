import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { SentVersion } from '../orders/order-message';
import type { OrderSource } from '../orders/order-source';
import type { Freshness } from './bench-report';
import { connect, type BenchStack } from './bench-stack';
import { percentile } from './percentile';

/** Orders a second. */
export const FRESHNESS_RATE = 20;
/** Between two looks at the marts. */
const LOOK_MS = 2;
const LATE_MS = 30_000;

/**
 * Sends orders one at a time, at a steady rate whatever becomes of them, and looks on a connection of its own when they
 * are there: what a reader of the marts would see, hence up to a look later than the truth.
 * @throws when orders are not in the marts half a minute after the last was sent
 */
export async function measureFreshness(
  { environment, source }: BenchStack,
  orders: Iterable<SentVersion>,
): Promise<Freshness> {
  const marts = await connect(environment.DATABASE_URL);
  try {
    const journeys = new Journeys();
    await Promise.all([send(source, orders, journeys), lookForAll(marts, journeys)]);
    const at = (share: number) => percentile(journeys.delays, share);
    return { orders: journeys.delays.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  } finally {
    await marts.end();
  }
}

/** Orders between their send and their arrival in the marts. */
class Journeys {
  /** Milliseconds of those that have arrived. */
  readonly delays: number[] = [];
  /** When the last order was sent; before that they may always arrive. */
  lastSentAt = Infinity;
  private readonly sentAt = new Map<string, number>();

  begin(id: string): void {
    this.sentAt.set(id, performance.now());
  }

  end(ids: string[]): void {
    const now = performance.now();
    for (const id of ids) {
      this.delays.push(now - this.sentAt.get(id)!);
      this.sentAt.delete(id);
    }
  }

  get underWay(): string[] {
    return [...this.sentAt.keys()];
  }

  get areOver(): boolean {
    return this.lastSentAt < Infinity && this.sentAt.size === 0;
  }
}

async function send(
  { producer, topic, partitions }: OrderSource,
  orders: Iterable<SentVersion>,
  journeys: Journeys,
): Promise<void> {
  const begun = performance.now();
  const sends: Promise<unknown>[] = [];
  for (const { text, version } of orders) {
    await sleep(Math.max(0, begun + (sends.length * 1000) / FRESHNESS_RATE - performance.now()));
    const partition = partitions[sends.length % partitions.length]!;
    journeys.begin(String(version.orderId));
    sends.push(producer.send({ topic, acks: -1, messages: [{ key: null, value: text, partition }] }));
  }
  await Promise.all(sends);
  journeys.lastSentAt = performance.now();
}

async function lookForAll(marts: Client, journeys: Journeys): Promise<void> {
  while (!journeys.areOver) {
    const { underWay } = journeys;
    if (performance.now() > journeys.lastSentAt + LATE_MS) {
      throw new Error(
        `${underWay.length} orders are not in the marts ${LATE_MS / 1000} s after the last was sent.`,
      );
    }
    const { rows } = await marts.query<{ object_id: string }>({
      name: 'look',
      text: 'SELECT object_id FROM cdm.order_versions WHERE object_id = ANY ($1::bigint[])',
      values: [underWay],
    });
    journeys.end(rows.map((row) => row.object_id));
    await sleep(LOOK_MS);
  }
}
