import { once } from 'node:events';
import { connect } from 'node:net';
import type { Header } from '@app/kafka/outgoing-message';
import { recordBatch } from '@app/kafka/record-batch';

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
 * Writes the records as one batch to a partition, whose leader the broker must be, by the protocol as it is documented
 * (https://kafka.apache.org/protocol) and by no client of Kafka.
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
  const [host, port] = broker.split(':') as [string, string];
  const socket = connect(Number(port), host);
  try {
    socket.write(sized(produceRequest(topic, partition, batch)));
    const chunks: Buffer[] = [];
    for (let length = 4; Buffer.concat(chunks).length < length;) {
      chunks.push((await once(socket, 'data'))[0] as Buffer);
      const read = Buffer.concat(chunks);
      length = read.length < 4 ? 4 : 4 + read.readInt32BE();
    }
    // Correlation, topics, name of the topic, partitions, partition, then what is asked for.
    const answer = Buffer.concat(chunks).subarray(4 + 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4);
    const code = answer.readInt16BE();
    if (code !== 0) {
      throw new Error(`the broker answers with error code ${code}`);
    }
    return answer.readBigInt64BE(2);
  } finally {
    socket.destroy();
  }
}

function produceRequest(topic: string, partition: number, batch: Buffer): Buffer {
  return Buffer.concat([
    int16(0), // Produce
    int16(3),
    int32(1),
    string('raw'),
    int16(-1), // no transaction
    int16(-1), // all replicas
    int32(10_000),
    int32(1),
    string(topic),
    int32(1),
    int32(partition),
    sized(batch),
  ]);
}

function bytesOf(content: Buffer | string | null): Buffer | null {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function sized(content: Buffer): Buffer {
  return Buffer.concat([int32(content.length), content]);
}

function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}
