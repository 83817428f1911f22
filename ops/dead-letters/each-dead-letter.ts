import { randomUUID } from 'node:crypto';
import type { Batch, Consumer, Kafka } from 'kafkajs';
import { existingTopics } from '@app/kafka/existing-topics';
import { inSlices } from '@app/batches/in-slices';
import { withAdmin } from '@app/kafka/with-admin';
import { placeText, readDeadLetter, type DeadLetter, type Place } from './read-dead-letter';

/** So many are handed over at once, at most: few enough for the memory and for one transaction. */
const SLICE_LETTERS = 500;
const SLICE_BYTES = 4 * 1024 * 1024;

type Use = (letters: DeadLetter[]) => Promise<void>;

/** Offsets of a partition that are still to be read. */
interface Range {
  topic: string;
  partition: number;
  from: bigint;
  /** The first that is not read any more. */
  end: bigint;
}

/**
 * Hands over all dead letters that the topics hold when it begins, each once, those of a partition in their order.
 * @throws naming a topic that is missing; what `use` throws
 */
export async function eachDeadLetter(kafka: Kafka, topics: string[], use: Use): Promise<void> {
  await read(kafka, await rangesOf(kafka, topics), use);
}

/** @throws where there is no message at this place */
export async function oneDeadLetter(kafka: Kafka, place: Place): Promise<DeadLetter> {
  const { topic, partition, offset } = place;
  const from = BigInt(offset);
  const range = (await rangesOf(kafka, [topic])).find((known) => known.partition === partition);
  if (!range) {
    throw new Error(`${placeText(place)} isn't there: ${topic} has no partition ${partition}.`);
  }
  if (from < range.from || from >= range.end) {
    const held = range.from < range.end ? `offsets ${range.from} to ${range.end - 1n}` : 'no messages';
    throw new Error(`${placeText(place)} isn't there: the partition has ${held}.`);
  }
  let found: DeadLetter | undefined;
  await read(kafka, [{ topic, partition, from, end: from + 1n }], async ([letter]) => {
    found = letter;
  });
  if (!found) {
    throw new Error(`${placeText(place)} isn't there.`);
  }
  return found;
}

function rangesOf(kafka: Kafka, topics: string[]): Promise<Range[]> {
  return withAdmin(kafka, async (admin) => {
    const existing = await existingTopics(admin, topics);
    const ranges: Range[] = [];
    for (const topic of topics) {
      if (!existing.has(topic)) {
        throw new Error(`The topic ${topic} isn't there.`);
      }
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        ranges.push({ topic, partition, from: BigInt(low), end: BigInt(high) });
      }
    }
    return ranges;
  });
}

/**
 * kafkajs reads as a group only. This one commits nothing, and is taken away at the end; left alone, the broker would
 * drop it.
 */
async function read(kafka: Kafka, ranges: Range[], use: Use): Promise<void> {
  const left = new Map(
    ranges.filter(({ from, end }) => from < end).map((range) => [`${range.topic}:${range.partition}`, range]),
  );
  if (left.size === 0) {
    return;
  }
  const groupId = `order-vault-tools-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 500 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true });
    await untilRead(consumer, left, use);
  } finally {
    await consumer.disconnect();
    await removeGroup(kafka, groupId);
  }
}

function untilRead(consumer: Consumer, left: Map<string, Range>, use: Use): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      left.clear();
      reject(error as Error);
    };
    const take = async (batch: Batch, heartbeat: () => Promise<void>) => {
      const name = `${batch.topic}:${batch.partition}`;
      const range = left.get(name);
      if (!range) {
        return;
      }
      const wanted = batch.messages.filter(
        ({ offset }) => BigInt(offset) >= range.from && BigInt(offset) < range.end,
      );
      for (const slice of inSlices(wanted, SLICE_LETTERS, SLICE_BYTES)) {
        await use(slice.map((record) => readDeadLetter(batch.topic, batch.partition, record)));
        range.from = BigInt(slice.at(-1)!.offset) + 1n; // a rebalance begins again, and would hand it over again
        await heartbeat();
      }
      if (BigInt(batch.lastOffset()) + 1n >= range.end) {
        left.delete(name);
      }
      if (left.size === 0) {
        resolve();
      }
    };
    const start = async () => {
      await consumer.run({
        autoCommit: false,
        // kafkajs would try again what `use` throws.
        eachBatch: ({ batch, heartbeat }) => take(batch, heartbeat).catch(fail),
      });
      for (const { topic, partition, from } of left.values()) {
        consumer.seek({ topic, partition, offset: String(from) });
      }
    };
    consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
    start().catch(fail);
  });
}

async function removeGroup(kafka: Kafka, groupId: string): Promise<void> {
  await withAdmin(kafka, (admin) =>
    admin.deleteGroups([groupId]).catch(() => {
      // A user that may not delete groups leaves an empty one, which the broker drops.
    }),
  );
}
