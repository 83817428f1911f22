import type { IHeaders } from 'kafkajs';
import type { Header } from '@app/kafka/outgoing-message';
import type { Random } from '../history/random';
import { JavaClient, type JavaMessage, type JavaStep } from './java-client';

export interface WorldMessage {
  topic: string;
  partition: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
  timestamp: string;
}

/** What decides how messages are sent. */
export type Draws = Pick<Random, 'pick' | 'chance'>;

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

type Headers = NonNullable<JavaMessage['headers']>;

/** Legal, all of them. */
const headers: Headers[] = [
  [],
  [
    ['again', 'a'],
    ['__proto__', 'b'],
    ['constructor', null],
    ['dlq.reason', 'of somebody else'],
    ['again', null],
    ['', ''],
  ],
  [['trace', Buffer.from([0, 0xff])]],
  [
    ['again', 'a'],
    ['again', 'b'],
    ['again', ''],
  ],
  Array.from({ length: 60 }, (_, place) => [`header ${place + 10}`, `${place}`] as const),
];

/**
 * Sends as other people's producers do, by Kafka's Java client: packed with any codec, in transactions, behind
 * transactions that are aborted, with headers of all sorts.
 */
export class WorldProducer {
  private readonly java: JavaClient;
  private readonly open = new Set<string>();
  private readonly id = `world-${process.pid}-${Date.now()}-${Math.random()}`;

  constructor(brokers: string) {
    this.java = new JavaClient(brokers);
  }

  /**
   * Sends the messages in their order; those without headers get some. The first call starts Java, also one with no
   * messages.
   */
  async send<T extends WorldMessage>(messages: T[], random: Draws): Promise<(T & { offset: string })[]> {
    const steps: JavaStep[] = [];
    const stored: T[] = [];
    /** By the order of sending; undefined: what was aborted. */
    const sent: (T | undefined)[] = [];
    const send = (by: string, message: JavaMessage, kept?: T) => {
      steps.push({ by, message });
      sent.push(kept);
    };
    for (let next = 0; next < messages.length;) {
      const piece = messages.slice(next, next + random.pick([1, 3, 20, 200]));
      next += piece.length;
      const by = random.pick(codecs);
      if (random.chance(0.2)) {
        const aborting = this.opened(steps, random.pick(codecs), true);
        steps.push(`begin ${aborting}`);
        for (const { topic, partition } of piece.slice(0, 20)) {
          const key = random.pick([null, Buffer.alloc(4)]);
          send(aborting, { topic, partition, key, value: '{"aborted":' });
        }
        steps.push(`abort ${aborting}`);
      }
      const isTransaction = random.chance(0.4);
      const name = this.opened(steps, by, isTransaction);
      if (isTransaction) {
        steps.push(`begin ${name}`);
      }
      for (const message of piece) {
        const list = headerList(message.headers);
        const chosen = list.length > 0 ? list : random.pick(headers);
        const sentHeaders = bytesOf(chosen);
        const kept = { ...message, headers: byName(sentHeaders), headerList: sentHeaders };
        stored.push(kept);
        send(name, { ...message, headers: chosen }, kept);
      }
      steps.push(`${isTransaction ? 'commit' : 'flush'} ${name}`);
    }
    const offsets = await this.java.do(steps);
    const offsetOf = new Map(sent.map((message, place) => [message, offsets[place]!]));
    return stored.map((message) => ({ ...message, offset: offsetOf.get(message)! }));
  }

  close(): Promise<void> {
    return this.java.close();
  }

  /** @returns the name of a producer, which a step opens before its first use */
  private opened(steps: JavaStep[], codec: string, hasTransactions: boolean): string {
    const name = hasTransactions ? `${codec}-transactions` : codec;
    if (!this.open.has(name)) {
      const transactions = hasTransactions ? ` transactional.id=${this.id}-${codec}` : '';
      steps.push(`open ${name} compression.type=${codec}${transactions}`);
      this.open.add(name);
    }
    return name;
  }
}

function headerList(named: IHeaders): Headers {
  return Object.entries(named).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value ?? null] as const),
  );
}

function bytesOf(list: Headers): Header[] {
  return list.map(([name, value]) => [Buffer.from(name), value === null ? null : Buffer.from(value)]);
}

/** Several of one name are a list. A header without a value is read as one with an empty value there. */
export function byName(list: readonly Header[]): IHeaders {
  const values = new Map<string, Buffer[]>();
  for (const [name, value] of list) {
    values.set(String(name), [...(values.get(String(name)) ?? []), value ?? Buffer.alloc(0)]);
  }
  return Object.fromEntries(Array.from(values, ([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}
