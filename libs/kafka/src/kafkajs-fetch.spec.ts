import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import Batch from 'kafkajs/src/consumer/batch.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import response from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { MOST_UNPACKED_BYTES, whyUnreadable } from './kafkajs-fetch';

/** As they are in kafkajs: the files shared by this worker have them replaced, so these are read once more. */
const plain = {
  decode: readAgain<typeof response>('kafkajs/src/protocol/requests/fetch/v11/response.js').decode,
  isEmpty: readAgain<typeof Batch>('kafkajs/src/consumer/batch.js').prototype.isEmpty,
};

function readAgain<Module>(path: string): Module {
  const require = createRequire(import.meta.url);
  const file = require.resolve(path);
  const { [file]: shared } = require.cache;
  delete require.cache[file];
  const again = require(file) as Module;
  delete require.cache[file];
  if (shared) {
    require.cache[file] = shared;
  }
  return again;
}

type Read = typeof response.decode;

const PRODUCER = 7n;
const CODEC = { none: 0, gzip: 1, snappy: 2 };
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const marker = { abort: Buffer.alloc(4), commit: Buffer.from([0, 0, 0, 1]) };

interface BatchParts {
  first?: number;
  /** Values, or key and value, by their place in the batch; a gap is a message that compaction took away. */
  messages?: Record<number, string | { key: Buffer; value?: Buffer }>;
  last?: number;
  codec?: keyof typeof CODEC;
  flags?: number;
  /** Instead of what the messages are. */
  bytes?: Buffer;
}

describe('the answer to a fetch', () => {
  it('is read as kafkajs reads it', async () => {
    const answer = answerOf([
      { messages: { 0: 'a', 1: 'b' } },
      { first: 2, messages: { 0: 'c' }, codec: 'gzip' },
    ]);
    expect(await read(answer)).toEqual(['0 a', '1 b', '2 c']);
    expect(await read(answer, plain.decode)).toEqual(['0 a', '1 b', '2 c']);
  });

  it('is read up to where it is cut off', async () => {
    const whole = answerOf([{ messages: { 0: 'a' } }, { first: 1, messages: { 0: 'b' } }]);
    expect(await read(cutOff(whole, 5))).toEqual(['0 a']);
  });

  it('is read with snappy, which kafkajs does not know', async () => {
    const answer = answerOf([{ messages: { 0: 'a' }, codec: 'snappy' }]);
    expect(await read(answer)).toEqual(['0 a']);
    await expect(plain.decode(answer)).rejects.toThrow('Snappy compression not implemented');
  });

  it('is read in part where it unpacks to more than is held at once, but for its first batch', async () => {
    const large = { messages: { 0: 'a'.repeat(15_000_000) }, codec: 'gzip' } as const;
    const batches = [0, 1, 2, 3].map((first) => ({ ...large, first }));
    const offsets = (await read(answerOf(batches))).map((line) => line.split(' ')[0]);
    expect(offsets).toEqual(['0', '1']);
    expect(await read(answerOf(batches), plain.decode)).toHaveLength(4);
  });
});

describe('a record batch', () => {
  const good = { first: 7, messages: { 0: 'good' } };

  it.each([
    [
      'unpacks to too much',
      { codec: 'gzip', bytes: gzipSync(Buffer.alloc(MOST_UNPACKED_BYTES + 1)) },
      /unpacks to more than 33554432 bytes/,
    ],
    ['is not of its codec', { codec: 'gzip', bytes: Buffer.from('broken') }, /incorrect header check/],
    ['ends too early', { bytes: record(0, { value: Buffer.from('a') }) }, /it ends within message 1/],
  ] as const)('that %s is one refusal at its last offset, and the next is read', async (_, parts, why) => {
    const bad: BatchParts = { first: 2, messages: { 0: 'a', 4: 'b' }, ...parts };
    const [stand, next] = await recordsOf(answerOf([bad, good]));
    expect(stand).toMatchObject({ offset: '6', key: null, value: null, isControlRecord: false });
    const sentence = whyUnreadable(stand as never);
    expect(sentence).toMatch(/^the record batch of 2 messages, offsets 2 to 6, in \d+ bytes/);
    expect(sentence).toMatch(why);
    expect(String(next!.value)).toBe('good');
    expect(whyUnreadable(next as never)).toBeUndefined();
  });

  it('of which compaction has left less, or nothing, is passed to its end', async () => {
    const answer = answerOf([
      { messages: { 1: 'a' }, last: 4 },
      { first: 5, messages: {}, last: 9 },
    ]);
    expect((await recordsOf(answer)).map(({ offset, isControlRecord }) => [offset, isControlRecord])).toEqual(
      [
        ['1', false],
        ['4', true],
        ['9', true],
      ],
    );
    expect(await read(answer, plain.decode)).toEqual(['1 a']);
  });
});

describe('a transaction', () => {
  it('that was aborted is not read, one that was committed is', async () => {
    const answer = answerOf(
      [
        { messages: { 0: 'aborted' }, flags: TRANSACTIONAL },
        { first: 1, messages: { 0: 'by another' } },
        { first: 2, messages: { 0: { key: marker.abort } }, flags: TRANSACTIONAL | CONTROL },
        { first: 3, messages: { 0: 'committed' }, flags: TRANSACTIONAL },
        { first: 4, messages: { 0: { key: marker.commit } }, flags: TRANSACTIONAL | CONTROL },
      ],
      [0n],
    );
    expect(await read(answer)).toEqual(['1 by another', '3 committed']);
    expect((await recordsOf(answer)).at(-1)!.offset).toBe('4');
  });

  it('that was aborted stays aborted behind a message that has the key of a marker', async () => {
    const answer = answerOf(
      [
        { messages: { 0: { key: marker.abort }, 1: 'aborted' }, flags: TRANSACTIONAL },
        { first: 2, messages: { 0: { key: marker.abort } }, flags: TRANSACTIONAL | CONTROL },
      ],
      [0n],
    );
    expect(await read(answer)).toEqual([]);
    expect(await read(answer, plain.decode)).toEqual(['0 undefined', '1 aborted']);
  });

  it('of which a fetch has the marker alone is a batch without messages, for the consumer to pass', async () => {
    const batch = await batchOf(
      answerOf([{ messages: { 0: { key: marker.commit } }, flags: TRANSACTIONAL | CONTROL }]),
    );
    expect(batch.messages).toEqual([]);
    expect(batch.isEmpty()).toBe(false);
    expect(plain.isEmpty.call(batch)).toBe(true);
  });
});

/** The messages that a consumer gets, each as its offset and its value. */
async function read(answer: Buffer, decode: Read = response.decode): Promise<string[]> {
  const { messages } = await batchOf(answer, decode);
  return messages.map(({ offset, value }) => `${offset} ${value?.toString()}`);
}

async function batchOf(answer: Buffer, decode: Read = response.decode) {
  const partition = await partitionOf(answer, decode);
  const batch = new (Batch as unknown as new (topic: string, offset: string, partition: object) => Batch)(
    'orders',
    '0',
    partition,
  );
  return batch as Batch & { messages: Fetched[] };
}

interface Fetched {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  isControlRecord: boolean;
}

async function recordsOf(answer: Buffer): Promise<Fetched[]> {
  return (await partitionOf(answer, response.decode)).messages;
}

async function partitionOf(answer: Buffer, decode: Read): Promise<{ messages: Fetched[] }> {
  const { responses } = (await decode(answer)) as { responses: { partitions: { messages: Fetched[] }[] }[] };
  return responses[0]!.partitions[0]!;
}

/** One partition of one topic. */
function answerOf(batches: BatchParts[], abortedFrom: bigint[] = []): Buffer {
  const answer = new Encoder().writeInt32(0).writeInt16(0).writeInt32(0);
  answer.writeInt32(1).writeString('orders').writeInt32(1);
  answer.writeInt32(0).writeInt16(0).writeInt64(100n).writeInt64(100n).writeInt64(0n);
  answer.writeInt32(abortedFrom.length);
  for (const first of abortedFrom) {
    answer.writeInt64(PRODUCER).writeInt64(first);
  }
  return answer.writeInt32(-1).writeBytes(Buffer.concat(batches.map(recordBatch))).buffer;
}

/** Without the last bytes of its records. */
function cutOff(answer: Buffer, bytes: number): Buffer {
  const shorter = Buffer.from(answer.subarray(0, answer.length - bytes));
  const place = 4 + 2 + 4 + 4 + 2 + 6 + 4 + 4 + 2 + 24 + 4 + 4;
  shorter.writeInt32BE(shorter.readInt32BE(place) - bytes, place);
  return shorter;
}

function recordBatch({
  first = 0,
  messages = {},
  last,
  codec = 'none',
  flags = 0,
  bytes,
}: BatchParts): Buffer {
  const places = Object.keys(messages).map(Number);
  const plainBytes = Buffer.concat(
    places.map((place) => {
      const message = messages[place]!;
      return record(place, typeof message === 'string' ? { value: Buffer.from(message) } : message);
    }),
  );
  const pack = { none: (all: Buffer) => all, gzip: gzipSync, snappy: (all: Buffer) => snappy.compress(all) };
  const packed = bytes ?? pack[codec](plainBytes);
  const end = last === undefined ? places.at(-1)! : last - first;
  const body = new Encoder()
    .writeInt32(0)
    .writeInt8(2)
    .writeInt32(0)
    .writeInt16(CODEC[codec] | flags)
    .writeInt32(end)
    .writeInt64(0n)
    .writeInt64(0n)
    .writeInt64(flags & TRANSACTIONAL ? PRODUCER : -1n)
    .writeInt16(0)
    .writeInt32(-1)
    .writeInt32(places.length)
    .writeBuffer(packed);
  return new Encoder().writeInt64(BigInt(first)).writeBytes(body.buffer).buffer;
}

function record(place: number, { key, value }: { key?: Buffer; value?: Buffer }): Buffer {
  const body = new Encoder().writeInt8(0).writeVarInt(0).writeVarInt(place);
  body.writeVarIntBytes(key).writeVarIntBytes(value).writeVarInt(0);
  return new Encoder().writeVarIntBytes(body.buffer).buffer;
}
