import type { Header } from '@app/kafka/outgoing-message';
import { recordBatch } from '@app/kafka/record-batch';
import { int16, int32, rawRequest, sized, string } from './raw-request';

const PRODUCE = 0;

/** A record of which every byte is chosen: clients of Kafka send no such names of headers, and not every time. */
export interface RawRecord {
  key?: Buffer | string | null;
  value: Buffer | string | null;
  headers?: RawHeader[];
  /** Milliseconds since 1970, any 64 bits. Default: the present. */
  timestamp?: bigint;
}
export type RawHeader = readonly [name: Buffer | string, value: Buffer | string | null];

/**
 * Writes the records as one batch to a partition, whose leader the broker must be, by no client of Kafka.
 * @returns the offset of the first
 * @throws the error code of the broker
 */
export async function sendRaw(
  broker: string,
  topic: string,
  partition: number,
  records: RawRecord[],
): Promise<bigint> {
  const messages = records.map(({ key = null, value, headers = [], timestamp }) => ({
    key,
    value,
    headers: headers.map(([name, content]): Header => [Buffer.from(name as string), bytesOf(content)]),
    timestamp: timestamp === undefined ? undefined : String(timestamp),
  }));
  const batch = await recordBatch(messages, { compressed: false, now: Date.now() });
  // Topics, name of the topic, partitions, partition, then what is asked for.
  const answer = (
    await rawRequest(broker, [PRODUCE, 3], ...produceRequest(topic, partition, batch))
  ).subarray(4 + 2 + Buffer.byteLength(topic) + 4 + 4);
  const code = answer.readInt16BE();
  if (code !== 0) {
    throw new Error(`the broker answers with error code ${code}`);
  }
  return answer.readBigInt64BE(2);
}

function produceRequest(topic: string, partition: number, batch: Buffer): Buffer[] {
  return [
    int16(-1), // no transaction
    int16(-1), // all replicas
    int32(10_000),
    int32(1),
    string(topic),
    int32(1),
    int32(partition),
    sized(batch),
  ];
}

function bytesOf(content: Buffer | string | null): Buffer | null {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
