import type { KafkaMessage } from 'kafkajs';
import Batch from 'kafkajs/src/consumer/batch.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeMessageSet from 'kafkajs/src/protocol/messageSet/decoder.js';
import response from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import type { Header } from './outgoing-message';
import { readRecords, type FetchedRecord } from './read-records';
import { BATCH_OVERHEAD } from './record-batch';
import { unpack, type Codec } from './unpack';

/*
 * How the answer to a fetch is read, in place of what kafkajs 2.2.4 does, as soon as this file is imported;
 * `kafkajs-fetch.spec.ts` says what of it is no longer needed. kafkajs
 *
 * - knows gzip alone, and unpacks whatever it gets: a batch of 1 MB can become 1 GB, and all of an answer is unpacked
 *   at once;
 * - goes no further when it cannot read a batch;
 * - hands over nothing where there are only markers, messages of aborted transactions or what compaction has left:
 *   nobody can commit that they are passed;
 * - takes a message whose key is four zero bytes for the marker of an abort, and what was aborted behind it for good;
 * - cuts a record off, silently, where its batch ends;
 * - makes a plain object of the headers of a record: the order across names is lost, names that are no UTF-8 are
 *   changed, and one that every object has, as `constructor`, is mixed with what the object has under it;
 * - makes a decoder for each record, and three objects of each of its numbers.
 *
 * It speaks version 11 of the request, the newest that kafkajs knows, with every broker since Kafka 2.3.
 */
response.decode = readAnswer;

/** So the consumer gets batches without messages too; their last offset is passed. */
Batch.prototype.isEmpty = function isEmpty(this: Batch) {
  return this.rawMessages.length === 0;
};

/**
 * What one record batch may unpack to: thirty times what clients of Kafka pack by default, an eighth of the memory of a
 * service.
 */
export const MOST_UNPACKED_BYTES = 32 * 1024 * 1024;
/**
 * As soon as so much of an answer is unpacked, the rest of it is left for the next. Without compression it has 6 MiB at
 * most.
 */
const ANSWER_BYTES = 16 * 1024 * 1024;

const CODECS: readonly (Codec | undefined)[] = [undefined, 'gzip', 'snappy', 'lz4', 'zstd'];
/** The format of record batches, since Kafka 0.11; what is older has messages by themselves. */
const RECORD_BATCH = 2;
const ABORT = 0;

const unreadable = new WeakMap<object, string>();

/**
 * Why a record batch could not be read, in a sentence, if this message stands for one. It has the last offset of that
 * batch.
 */
export function whyUnreadable(message: KafkaMessage): string | undefined {
  return unreadable.get(message);
}

/**
 * The headers of a message, in their order.
 * @param message its type says that headers are an object; old formats have none
 */
export function headersOf(message: { headers?: object }): readonly Header[] {
  return (message.headers as readonly Header[] | undefined) ?? [];
}

async function readAnswer(answer: Buffer): Promise<object> {
  const decoder = new Decoder(answer);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const room = { left: ANSWER_BYTES };
  const responses = await decoder.readArrayAsync(async (topic) => ({
    topicName: topic.readString(),
    partitions: await topic.readArrayAsync((partition) => readPartition(partition, room)),
  }));
  // The broker has not held this answer back; it wants the next request to be.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

interface Room {
  left: number;
}

async function readPartition(decoder: Decoder, room: Room): Promise<object> {
  const partition = {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: String(decoder.readInt64()),
    lastStableOffset: String(decoder.readInt64()),
    lastStartOffset: String(decoder.readInt64()),
  };
  const aborted = decoder.readArray((transaction) => ({
    producerId: transaction.readInt64(),
    firstOffset: transaction.readInt64(),
  }));
  const preferredReadReplica = decoder.readInt32();
  const bytes = decoder.readBytes() ?? Buffer.alloc(0);
  const messages = await readBatches(bytes, new AbortedTransactions(aborted), room);
  // What was aborted is marked already.
  return { ...partition, abortedTransactions: [], preferredReadReplica, messages };
}

/** The last batch may be cut off: then it comes again, as the first. */
async function readBatches(bytes: Buffer, aborted: AbortedTransactions, room: Room): Promise<unknown[]> {
  const records: FetchedRecord[] = [];
  for (let rest = bytes; rest.length >= BATCH_OVERHEAD;) {
    if (rest.readInt8(16) !== RECORD_BATCH) {
      return records.length > 0 ? records : decodeMessageSet(new Decoder(rest), rest.length);
    }
    const batch = new RecordBatch(rest);
    if (rest.length < batch.length || (batch.codec && room.left <= 0)) {
      break;
    }
    const read = await batch.read(room);
    const isAborted = aborted.includes(batch, read);
    for (const record of read) {
      record.isControlRecord ||= isAborted;
      records.push(record);
    }
    rest = rest.subarray(batch.length);
  }
  return records;
}

/** By `RecordBatch` of the protocol; a view of the answer. */
class RecordBatch {
  readonly baseOffset = this.bytes.readBigInt64BE(0);
  readonly length = this.bytes.readInt32BE(8) + 12;
  readonly attributes = this.bytes.readInt16BE(21);
  readonly lastOffset = this.baseOffset + BigInt(this.bytes.readInt32BE(23));
  readonly producerId = this.bytes.readBigInt64BE(43);
  readonly messages = this.bytes.readInt32BE(57);
  readonly codec = CODECS[this.attributes & 0x07];
  readonly hasAppendTime = (this.attributes & 0x08) !== 0;
  readonly isTransactional = (this.attributes & 0x10) !== 0;
  readonly isControl = (this.attributes & 0x20) !== 0;

  constructor(private readonly bytes: Buffer) {}

  /** Its records, the last with its last offset: where there is no message, one that kafkajs passes over. */
  async read(room: Room): Promise<FetchedRecord[]> {
    try {
      const records = this.split(await this.unpacked(room));
      if (records.at(-1)?.offset !== String(this.lastOffset)) {
        records.push(this.endRecord(true));
      }
      return records;
    } catch (error) {
      const stand = this.endRecord(this.isControl);
      unreadable.set(stand, this.sentence(error as Error));
      return [stand];
    }
  }

  private async unpacked(room: Room): Promise<Buffer> {
    const packed = this.bytes.subarray(BATCH_OVERHEAD, this.length);
    if (!this.codec || packed.length === 0) {
      return packed;
    }
    const unpacked = await unpack(this.codec, packed, MOST_UNPACKED_BYTES);
    room.left -= unpacked.length;
    return unpacked;
  }

  /** @throws RangeError where there is less than the header says */
  private split(bytes: Buffer): FetchedRecord[] {
    const head = {
      baseOffset: this.baseOffset,
      baseTime: this.bytes.readBigInt64BE(27),
      appendTime: this.hasAppendTime ? this.bytes.readBigInt64BE(35) : undefined,
    };
    return readRecords(bytes, this.messages, head, this.isControl);
  }

  private endRecord(isControlRecord: boolean): FetchedRecord {
    return {
      attributes: 0,
      timestamp: String(this.bytes.readBigInt64BE(35)),
      offset: String(this.lastOffset),
      key: null,
      value: null,
      headers: [],
      isControlRecord,
    };
  }

  private sentence({ message }: Error): string {
    const packing = this.codec ? ` with ${this.codec}` : '';
    const batch = `${this.messages} messages, offsets ${this.baseOffset} to ${this.lastOffset}, in ${this.length} bytes${packing}`;
    return `the record batch of ${batch} ${message}`;
  }
}

/** Which batches of one answer belong to aborted transactions: from the first offset of one until its marker. */
class AbortedTransactions {
  private readonly open = new Set<bigint>();
  private readonly later: { producerId: bigint; firstOffset: bigint }[];

  constructor(transactions: { producerId: bigint; firstOffset: bigint }[]) {
    this.later = transactions.sort((one, other) => Number(one.firstOffset - other.firstOffset));
  }

  includes(batch: RecordBatch, records: FetchedRecord[]): boolean {
    while (this.later.length > 0 && this.later[0]!.firstOffset <= batch.lastOffset) {
      this.open.add(this.later.shift()!.producerId);
    }
    if (batch.isControl && records[0]?.key?.readInt16BE(2) === ABORT) {
      this.open.delete(batch.producerId);
    }
    return batch.isTransactional && !batch.isControl && this.open.has(batch.producerId);
  }
}
