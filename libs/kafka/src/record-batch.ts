import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SpareBuffers } from '@app/values/spare-buffers';
import { crc32C } from './crc32c';
import type { OutgoingMessage } from './outgoing-message';

/** Bytes of a record batch before its records. */
export const BATCH_OVERHEAD = 61;
/** What a record has at most beside key, value and headers: five lengths, its place, and a time of ten bytes. */
const RECORD_OVERHEAD = 36;
const HEADER_OVERHEAD = 10;

const GZIP = 1;
const compress = promisify(gzip);

/** Of record batches, to be given back when a broker has answered. */
export const spareBuffers = new SpareBuffers();

/**
 * The messages as one record batch of version 2, without a producer id, written into one of the {@link spareBuffers}:
 * https://kafka.apache.org/documentation/#recordbatch
 * @param now milliseconds since 1970, for messages that name no time
 */
export async function recordBatch(
  messages: readonly OutgoingMessage[],
  { compressed, now }: { compressed: boolean; now: number },
): Promise<Buffer> {
  const present = BigInt(now);
  const times = messages.map(({ timestamp }) => (timestamp === undefined ? present : BigInt(timestamp)));
  const room = messages.reduce((bytes, message) => bytes + messageBytes(message), BATCH_OVERHEAD);
  const records = new RecordWriter(spareBuffers.take(room), BATCH_OVERHEAD);
  for (const [place, message] of messages.entries()) {
    records.write(message, BigInt.asIntN(64, times[place]! - times[0]!), place);
  }
  const plain = records.written();
  const batch = compressed ? await packed(plain) : plain;
  writeHead(batch, times, compressed ? GZIP : 0);
  return batch;
}

async function packed(plain: Buffer): Promise<Buffer> {
  const records = await compress(plain.subarray(BATCH_OVERHEAD));
  const batch = Buffer.concat([plain.subarray(0, BATCH_OVERHEAD), records]);
  spareBuffers.give(plain);
  return batch;
}

function writeHead(batch: Buffer, times: bigint[], codec: number): void {
  batch.writeBigInt64BE(0n, 0); // the broker gives offsets
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12); // epoch of the leader, the broker's
  batch.writeInt8(2, 16);
  batch.writeInt16BE(codec, 21);
  batch.writeInt32BE(times.length - 1, 23);
  batch.writeBigInt64BE(times[0]!, 27);
  batch.writeBigInt64BE(
    times.reduce((newest, time) => (time > newest ? time : newest)),
    35,
  );
  batch.writeBigInt64BE(-1n, 43);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(times.length, 57);
  batch.writeUInt32BE(crc32C(batch.subarray(21)), 17);
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

/** Records one behind the other, in a buffer that has room for them. */
class RecordWriter {
  constructor(
    private readonly buffer: Buffer,
    private offset: number,
  ) {}

  written(): Buffer {
    return this.buffer.subarray(0, this.offset);
  }

  /** A record begins with its size, so that is worked out first. */
  write({ key, value, headers = [] }: OutgoingMessage, timeDelta: bigint, place: number): void {
    let size = 1 + sizeOfLong(timeDelta) + sizeOf(place) + sizeOfContent(key) + sizeOfContent(value);
    size += sizeOf(headers.length);
    for (const [name, content] of headers) {
      size += sizeOfContent(name) + sizeOfContent(content);
    }
    this.integer(size);
    this.buffer[this.offset++] = 0;
    this.long(timeDelta);
    this.integer(place);
    this.content(key);
    this.content(value);
    this.integer(headers.length);
    for (const [name, content] of headers) {
      this.content(name);
      this.content(content);
    }
  }

  /** As a varint, zigzag. Of negative numbers there is only -1. */
  private integer(number: number): void {
    let left = number < 0 ? 1 : number * 2;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) {
      this.buffer[this.offset++] = (left % 0x80) | 0x80;
    }
    this.buffer[this.offset++] = left;
  }

  private long(number: bigint): void {
    let left = number === 0n ? 0n : zigzag(number);
    for (; left >= 0x80n; left >>= 7n) {
      this.buffer[this.offset++] = Number(left & 0x7fn) | 0x80;
    }
    this.buffer[this.offset++] = Number(left);
  }

  private content(content: Buffer | string | null): void {
    if (content === null) {
      this.integer(-1);
      return;
    }
    this.integer(Buffer.byteLength(content));
    this.offset +=
      typeof content === 'string'
        ? this.buffer.write(content, this.offset)
        : content.copy(this.buffer, this.offset);
  }
}

function sizeOfContent(content: Buffer | string | null): number {
  if (content === null) {
    return 1;
  }
  const bytes = Buffer.byteLength(content);
  return sizeOf(bytes) + bytes;
}

/** Bytes of a whole number from 0 as a varint, zigzag. */
function sizeOf(number: number): number {
  return number < 2 ** 6 ? 1 : number < 2 ** 13 ? 2 : number < 2 ** 20 ? 3 : number < 2 ** 27 ? 4 : 5;
}

/** Most messages of a batch have the time of the first. */
function sizeOfLong(number: bigint): number {
  return number === 0n ? 1 : Math.ceil(zigzag(number).toString(2).length / 7);
}

function zigzag(number: bigint): bigint {
  return BigInt.asUintN(64, (number << 1n) ^ (number >> 63n));
}
