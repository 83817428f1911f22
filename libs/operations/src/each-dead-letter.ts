import { inSlices } from '@app/batches/in-slices';
import type { PartitionRange, RecordReader } from '@app/kafka/record-reader';
import type { FetchedRecord } from '@app/kafka/read-records';
import { readDeadLetter, type DeadLetter } from './dead-letter-record';
import { placeText, type Place } from './message-place';

/** So many are handed over at once, at most: few enough for the memory and for one transaction. */
const SLICE_LETTERS = 500;
const SLICE_BYTES = 4 * 1024 * 1024;

type Use = (letters: DeadLetter[]) => Promise<void>;

/** There is no message at a place. */
export class NoSuchDeadLetter extends Error {}

/**
 * Hands over all dead letters that the topics hold when it begins, each once, those of a partition in their order.
 * @throws naming a topic that is missing; what `use` throws
 */
export async function eachDeadLetter(
  reader: RecordReader,
  topics: readonly string[],
  use: Use,
): Promise<void> {
  for (const { topic, partition, low, high } of await reader.ranges(topics)) {
    for (let from = low; from < high;) {
      const { records, next } = await reader.read(topic, partition, from, SLICE_BYTES);
      const letters = records.filter(({ offset }) => BigInt(offset) < high);
      for (const slice of inSlices(letters, { messages: SLICE_LETTERS, bytes: SLICE_BYTES })) {
        await use(slice.map((record) => readDeadLetter(topic, partition, record)));
      }
      if (next === from) {
        break;
      }
      from = next;
    }
  }
}

/** @throws {@link NoSuchDeadLetter} */
export async function oneDeadLetter(reader: RecordReader, place: Place): Promise<DeadLetter> {
  const { topic, partition, offset } = place;
  const from = BigInt(offset);
  const range = (await reader.ranges([topic])).find((known) => known.partition === partition);
  if (!range) {
    throw new NoSuchDeadLetter(`${placeText(place)} isn't there: ${topic} has no partition ${partition}.`);
  }
  if (from < range.low || from >= range.high) {
    throw new NoSuchDeadLetter(`${placeText(place)} isn't there: the partition has ${heldBy(range)}.`);
  }
  const { records } = await reader.read(topic, partition, from, 1);
  const record = records.find((one): one is FetchedRecord => one.offset === offset);
  if (!record) {
    throw new NoSuchDeadLetter(`${placeText(place)} isn't there.`);
  }
  return readDeadLetter(topic, partition, record);
}

function heldBy({ low, high }: PartitionRange): string {
  return low < high ? `offsets ${low} to ${high - 1n}` : 'no messages';
}
