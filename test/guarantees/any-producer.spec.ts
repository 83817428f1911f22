import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Kafka, logLevel } from 'kafkajs';
import { JavaClient, type JavaStep } from '../harness/java-client';
import { lacks } from '../harness/needs';
import { usePipeline } from '../harness/use-pipeline';
import { dictionary } from './orders/small-town';
import { line, sourceText } from './orders/source-text';

/*
 * Guarantees 1, 6 and 8, any producer: packed by any codec, in transactions, in batches that become too large when they
 * are unpacked.
 */
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const ORDERS_A_BATCH = 30;
/** Too large to be unpacked, whatever the limit of a service is. */
const BOMB_BYTES = process.env.LONG ? 300_000_000 : 100_000_000;
const MORE_MEMORY_MIB = 100;
const TIMEOUT_MS = 300_000;

const { KAFKA_BROKERS } = inject('stack');
const pipeline = usePipeline();
const source = () => pipeline.topics.name('order-service_orders');

/** The ids of orders that have come to the marts. */
async function counted(): Promise<number[]> {
  const rows = await pipeline.database.rows<{ id: string }>('SELECT object_id AS id FROM cdm.order_versions');
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

function ids(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => from + place);
}

function orderText(id: number): string {
  return sourceText({ id, user: `u${(id % 12) + 1}`, items: [line('d1', id / 4), line(`d${(id % 4) + 1}`)] });
}

const java = new JavaClient(KAFKA_BROKERS);

function javaSends(by: string, id: number, partition: number, key: Buffer | null = null): JavaStep {
  return { by, message: { topic: source(), partition, key, value: orderText(id) } };
}

beforeAll(() => pipeline.dictionary.put(dictionary));
afterAll(() => java.close());

describe.skipIf(lacks('javac') || lacks('kcat'))('orders packed with any codec', () => {
  const javaIds = ids(1_000, codecs.length * ORDERS_A_BATCH);
  const kcatIds = ids(2_000, codecs.length * ORDERS_A_BATCH);

  beforeAll(async () => {
    for (const topic of ['stg-service-orders', 'dds-service-orders']) {
      await pipeline.topics.configure(topic, { 'compression.type': 'zstd' });
    }
  });

  it(
    "by Kafka's Java client are counted, also where all later topics are packed with zstd",
    async () => {
      const steps = codecs.flatMap((codec, place) => [
        `open ${codec} compression.type=${codec}`,
        ...javaIds
          .slice(place * ORDERS_A_BATCH, (place + 1) * ORDERS_A_BATCH)
          .map((id) => javaSends(codec, id, place)),
      ]);
      await java.do(steps);
      await pipeline.settled(TIMEOUT_MS);
      expect(await counted()).toEqual(expect.arrayContaining(javaIds));
    },
    TIMEOUT_MS,
  );

  it(
    'by librdkafka are counted',
    async () => {
      for (const [place, codec] of codecs.entries()) {
        const orders = kcatIds.slice(place * ORDERS_A_BATCH, (place + 1) * ORDERS_A_BATCH);
        const to = ['-P', '-b', KAFKA_BROKERS, '-t', source(), '-p', String(place)];
        const kcat = spawn('kcat', [...to, '-z', codec], { stdio: ['pipe', 'inherit', 'inherit'] });
        kcat.stdin.end(orders.map(orderText).join('\n'));
        expect(await once(kcat, 'close')).toEqual([0, null]);
      }
      await pipeline.settled(TIMEOUT_MS);
      expect(await counted()).toEqual(expect.arrayContaining(kcatIds));
      expect(await pipeline.deadLetters('stg')).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a message that is small on the way and unpacks to more than a service can hold', () => {
  it(
    'is one dead letter that names its place; memory stays bounded, and those before and behind it go on',
    async () => {
      const before = peakMemory(pipeline.service('stg').pid);
      await pipeline.sendOrders([{ value: orderText(3_000) }], { compressed: true });
      const [bomb] = await pipeline.sendOrders([{ value: Buffer.alloc(BOMB_BYTES, 'a') }], {
        compressed: true,
      });
      await pipeline.sendOrders([{ value: orderText(3_001) }], { compressed: true });
      await pipeline.settled(TIMEOUT_MS);
      const more = peakMemory(pipeline.service('stg').pid) - before;
      console.log(`a message of ${BOMB_BYTES} bytes took ${more} MiB of ${before + more}`);

      const letters = await pipeline.deadLetters('stg');
      const headers = letters.map((letter) =>
        Object.fromEntries(Object.entries(letter.headers).map(([name, value]) => [name, String(value)])),
      );
      expect(headers).toEqual([
        expect.objectContaining({
          'dlq.reason': 'unreadable_batch',
          'dlq.message': expect.stringContaining(
            `1 messages, offsets ${bomb!.offset} to ${bomb!.offset}, in `,
          ),
          'dlq.partition': '0',
          'dlq.offset': bomb!.offset,
        }),
      ]);
      expect(letters[0]!.value).toBeNull();
      expect(await counted()).toEqual(expect.arrayContaining([3_000, 3_001]));
      expect(more).toBeLessThan(MORE_MEMORY_MIB);
    },
    TIMEOUT_MS,
  );
});

describe('orders in transactions', () => {
  const kafka = new Kafka({ brokers: [KAFKA_BROKERS], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    transactionalId: `kafkajs-${Date.now()}`,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  beforeAll(() => producer.connect());
  afterAll(() => producer.disconnect());

  /** Every partition, to the end of its log: markers and what was aborted lie behind the last order. */
  async function expectAtEnd(): Promise<void> {
    await pipeline.settled(TIMEOUT_MS);
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(source());
    const [group] = await admin.fetchOffsets({ groupId: pipeline.group('stg'), topics: [source()] });
    await admin.disconnect();
    const behind = ends.filter(({ partition, high }) => {
      const offset = group!.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
      return high !== '0' && offset !== high;
    });
    expect(behind).toEqual([]);
  }

  it(
    'of kafkajs are counted when they are committed, and never when they are aborted; no lag stays',
    async () => {
      for (const [id, end] of [
        [4_000, 'commit'],
        [4_001, 'abort'],
        [4_002, 'commit'],
        [4_003, 'abort'],
      ] as const) {
        const transaction = await producer.transaction();
        const partitions = end === 'commit' ? [0, 1] : [0, 2];
        const messages = partitions.map((partition) => ({
          partition,
          value: orderText(id + partition * 100),
        }));
        await transaction.send({ topic: source(), messages });
        await transaction[end]();
      }
      await expectAtEnd();
      expect((await counted()).filter((id) => id >= 4_000)).toEqual([4_000, 4_002, 4_100, 4_102]);
    },
    TIMEOUT_MS,
  );

  it.skipIf(lacks('javac'))(
    'of Java are counted when they are committed; aborted ones never, also with the key of a marker; the rest when a transaction hangs no more',
    async () => {
      await java.do([
        `open java transactional.id=java-${Date.now()} compression.type=snappy`,
        'begin java',
        javaSends('java', 5_000, 3),
        javaSends('java', 5_001, 4),
        'commit java',
        'begin java',
        javaSends('java', 5_002, 3, Buffer.alloc(4)),
        javaSends('java', 5_003, 3),
        javaSends('java', 5_004, 5),
        'abort java',
        'begin java',
        javaSends('java', 5_005, 3),
        'commit java',
        // The broker ends it when nothing has come for five seconds; the next order waits behind it.
        `open hanging transactional.id=hanging-${Date.now()} transaction.timeout.ms=5000`,
        'begin hanging',
        javaSends('hanging', 5_006, 4),
        'flush hanging',
        'open plain',
        javaSends('plain', 5_007, 4),
      ]);
      await expect.poll(counted, { timeout: TIMEOUT_MS, interval: 500 }).toContain(5_007);
      await expectAtEnd();
      expect((await counted()).filter((id) => id >= 5_000)).toEqual([5_000, 5_001, 5_005, 5_007]);
    },
    TIMEOUT_MS,
  );

  it('of which the marker is passed after the order leave no lag in the metrics', async () => {
    const lag = async () => {
      const text = await (await fetch(`${pipeline.service('stg').url}/metrics`)).text();
      return [...text.matchAll(/^order_vault_consumer_lag\S*\{.*\} (\d+)$/gm)].map(([, value]) => value);
    };
    await expect
      .poll(lag, { timeout: 60_000, interval: 1_000 })
      .toEqual(Array.from({ length: 6 }, () => '0'));
  });
});

describe('topics that keep the time at which the broker took a message', () => {
  it(
    'are read and written as others, dead letters too, and figures go by the time of the broker',
    async () => {
      for (const topic of [
        'order-service_orders',
        'stg-service-orders',
        'dds-service-orders',
        'stg-service-dlq',
      ]) {
        await pipeline.topics.configure(topic, { 'message.timestamp.type': 'LogAppendTime' });
      }
      const letters = (await pipeline.deadLetters('stg')).length;
      const longAgo = Date.UTC(2001, 0);
      await pipeline.sendOrders([
        { value: orderText(6_000), timestamp: longAgo },
        { value: 'no order', timestamp: longAgo },
        { value: orderText(6_001), timestamp: longAgo },
      ]);
      await pipeline.sendOrders([{ value: orderText(6_002), timestamp: longAgo }], { compressed: true });
      await pipeline.settled(TIMEOUT_MS);
      expect((await counted()).filter((id) => id >= 6_000)).toEqual([6_000, 6_001, 6_002]);
      expect((await pipeline.deadLetters('stg')).length).toBe(letters + 1);
      await expect
        .poll(
          () =>
            pipeline.database.rows(
              'SELECT max(last_message_delay) < 3600 AS soon FROM pipeline.service_states',
            ),
          {
            timeout: 60_000,
          },
        )
        .toEqual([{ soon: true }]);
    },
    TIMEOUT_MS,
  );
});

/** The most resident memory that a process ever had, in MiB. */
function peakMemory(pid: number): number {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kibibytes) / 1024);
}
