import { once } from 'node:events';
import { connect } from 'node:net';

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
  const [host, port] = broker.split(':') as [string, string];
  const socket = connect(Number(port), host);
  try {
    socket.write(sized(produceRequest(topic, partition, batchOf(records))));
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

function batchOf(records: RawRecord[]): Buffer {
  const times = records.map(({ timestamp }) => timestamp ?? BigInt(Date.now()));
  const checked = Buffer.concat([
    int16(0), // not compressed
    int32(records.length - 1),
    int64(times[0]!),
    int64(times.reduce((newest, time) => (time > newest ? time : newest))),
    int64(-1n),
    int16(-1),
    int32(-1),
    int32(records.length),
    ...records.map(({ key = null, value, headers = [] }, place) => {
      const record = Buffer.concat([
        Buffer.alloc(1),
        varint(times[place]! - times[0]!),
        varint(BigInt(place)),
        bytes(key),
        bytes(value),
        varint(BigInt(headers.length)),
        ...headers.flatMap(([name, content]) => [bytes(name), bytes(content)]),
      ]);
      return Buffer.concat([varint(BigInt(record.length)), record]);
    }),
  ]);
  const behindLength = Buffer.concat([int32(-1), Buffer.from([2]), uint32(crc32c(checked)), checked]);
  return Buffer.concat([int64(0n), sized(behindLength)]);
}

function sized(content: Buffer): Buffer {
  return Buffer.concat([int32(content.length), content]);
}

function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
}

function bytes(content: Buffer | string | null): Buffer {
  if (content === null) {
    return varint(-1n);
  }
  const given = Buffer.from(content as string);
  return Buffer.concat([varint(BigInt(given.length)), given]);
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

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
}

/** Zigzag, as all numbers of records are. */
function varint(value: bigint): Buffer {
  const parts: number[] = [];
  let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  do {
    parts.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(parts);
}

function crc32c(content: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
