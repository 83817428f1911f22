import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import crc32C from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import type { OutgoingMessage } from './outgoing-message';

/** Bytes of a record batch before its records. */
export const BATCH_OVERHEAD = 61;
/** What a record has at most beside key, value and headers: lengths, offset and time. */
const RECORD_OVERHEAD = 21;
const HEADER_OVERHEAD = 10;

const GZIP = 1;
const compress = promisify(gzip);

/** A message with its texts as bytes, and the bytes of its record after their count. */
interface Sized {
  message: OutgoingMessage;
  key: Buffer | null;
  value: Buffer | null;
  timeDelta: bigint;
  bytes: number;
}

/**
 * The messages as one record batch of version 2, without a producer id:
 * https://kafka.apache.org/documentation/#recordbatch
 * @param now milliseconds since 1970, for messages that name no time
 */
export async function recordBatch(
  messages: readonly OutgoingMessage[],
  { compressed, now }: { compressed: boolean; now: number },
): Promise<Buffer> {
  const present = BigInt(now);
  const times = messages.map(({ timestamp }) => (timestamp === undefined ? present : BigInt(timestamp)));
  const base = times[0]!;
  const records = recordsOf(
    messages.map((message, place) => sized(message, BigInt.asIntN(64, times[place]! - base), place)),
  );
  const body = compressed ? await compress(records) : records;
  const batch = Buffer.allocUnsafe(BATCH_OVERHEAD + body.length);
  batch.writeBigInt64BE(0n, 0); // the broker gives offsets
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12); // epoch of the leader, the broker's
  batch.writeInt8(2, 16);
  batch.writeInt16BE(compressed ? GZIP : 0, 21);
  batch.writeInt32BE(messages.length - 1, 23);
  batch.writeBigInt64BE(base, 27);
  batch.writeBigInt64BE(
    times.reduce((newest, time) => (time > newest ? time : newest)),
    35,
  );
  batch.writeBigInt64BE(-1n, 43);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(messages.length, 57);
  body.copy(batch, BATCH_OVERHEAD);
  batch.writeUInt32BE(crc32C(batch.subarray(21)), 17);
  return batch;
}

/** Bytes that a message takes in a record batch, at most. */
export function messageBytes({ key, value, headers = [] }: OutgoingMessage): number {
  let bytes = RECORD_OVERHEAD + byteLength(key) + byteLength(value);
  for (const [name, content] of headers) {
    bytes += HEADER_OVERHEAD + name.length + byteLength(content);
  }
  return bytes;
}

function byteLength(content: Buffer | string | null): number {
  return content === null ? 0 : Buffer.byteLength(content);
}

function sized(message: OutgoingMessage, timeDelta: bigint, place: number): Sized {
  const key = bytesOf(message.key);
  const value = bytesOf(message.value);
  const headers = message.headers ?? [];
  let bytes = 1 + sizeOf(place) + sizeOfBytes(key) + sizeOfBytes(value) + sizeOf(headers.length);
  bytes += timeDelta === 0n ? 1 : varlong(timeDelta).length;
  for (const [name, content] of headers) {
    bytes += sizeOfBytes(name) + sizeOfBytes(content);
  }
  return { message, key, value, timeDelta, bytes };
}

function recordsOf(records: Sized[]): Buffer {
  const buffer = Buffer.allocUnsafe(records.reduce((total, { bytes }) => total + sizeOf(bytes) + bytes, 0));
  let offset = 0;
  const writeInteger = (number: number) => {
    let left = number < 0 ? 1 : number * 2; // zigzag; of negative numbers there is only -1
    for (; left >= 0x80; left = Math.floor(left / 0x80)) {
      buffer[offset++] = (left % 0x80) | 0x80;
    }
    buffer[offset++] = left;
  };
  const writeBytes = (bytes: Buffer | null) => {
    writeInteger(bytes === null ? -1 : bytes.length);
    offset += bytes?.copy(buffer, offset) ?? 0;
  };
  for (const [place, { message, key, value, timeDelta, bytes }] of records.entries()) {
    const { headers = [] } = message;
    writeInteger(bytes);
    buffer[offset++] = 0;
    offset += varlong(timeDelta).copy(buffer, offset);
    writeInteger(place);
    writeBytes(key);
    writeBytes(value);
    writeInteger(headers.length);
    for (const [name, content] of headers) {
      writeBytes(name);
      writeBytes(content);
    }
  }
  return buffer;
}

function bytesOf(content: Buffer | string | null): Buffer | null {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function sizeOfBytes(bytes: Buffer | null): number {
  return bytes === null ? 1 : sizeOf(bytes.length) + bytes.length;
}

/** Bytes of a whole number from 0 as a varint, zigzag. */
function sizeOf(number: number): number {
  return number < 2 ** 6 ? 1 : number < 2 ** 13 ? 2 : number < 2 ** 20 ? 3 : number < 2 ** 27 ? 4 : 5;
}

const zero = Buffer.alloc(1);

function varlong(number: bigint): Buffer {
  if (number === 0n) {
    return zero;
  }
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (number << 1n) ^ (number >> 63n));
  for (; left >= 0x80n; left >>= 7n) {
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
  return Buffer.from([...bytes, Number(left)]);
}
