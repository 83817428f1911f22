import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { describe, expect, it } from 'vitest';
import type { Header, OutgoingMessage } from './outgoing-message';
import { readRecords } from './read-records';
import { BATCH_OVERHEAD, messageBytes, recordBatch } from './record-batch';

/** How kafkajs reads a record batch. */
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
/** How it writes one. */
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';

const now = 1_700_000_000_000;
const text = fc.string({ unit: 'grapheme' });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const name = fc.oneof(
  text.map((one) => Buffer.from(one)),
  bytes,
  fc.constant(Buffer.from('__proto__')),
);
const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  key: fc.option(fc.oneof(text, bytes)),
  value: fc.option(fc.oneof(text, bytes)),
  headers: fc.array(fc.tuple(name, fc.option(bytes)) as fc.Arbitrary<Header>, { maxLength: 5 }),
  timestamp: fc.option(fc.bigInt(-1n, 2n ** 62n).map(String), { nil: undefined }),
});

describe('recordBatch', () => {
  it('is read by kafkajs as it was written: keys, values, times', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 200 }),
        fc.boolean(),
        async (messages, compressed) => {
          const { records } = await decodeBatch(
            new Decoder(await recordBatch(messages, { compressed, now })),
          );
          expect(records).toMatchObject(
            messages.map(({ key, value, timestamp = String(now) }, place) => ({
              offset: String(place),
              key: key === null ? null : Buffer.from(key),
              value: value === null ? null : Buffer.from(value),
              timestamp,
            })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has the bytes of kafkajs, where that can write the messages', async () => {
    const written = fc.record({
      key: fc.option(fc.oneof(text, bytes)),
      value: fc.option(fc.oneof(text, bytes)),
      headers: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), bytes, { maxKeys: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 1, maxLength: 200 }), async (messages) => {
        const records = messages.map((one, offsetDelta) => encodeRecord({ ...one, offsetDelta }));
        const [first, last] = [{ firstTimestamp: now, maxTimestamp: now }, messages.length - 1];
        const parts = { ...first, partitionLeaderEpoch: -1, producerEpoch: -1, firstSequence: -1, records };
        const { buffer } = await RecordBatch({ ...parts, lastOffsetDelta: last });
        const ours = messages.map(({ headers, ...one }) => ({
          ...one,
          headers: Object.entries(headers).map(([key, value]): Header => [Buffer.from(key), value]),
        }));
        expect((await recordBatch(ours, { compressed: false, now })).toString('hex')).toBe(
          buffer.toString('hex'),
        );
      }),
    );
  });

  it('has a thousand headers and long values', async () => {
    const headers = Array.from({ length: 1_000 }, (_, place): Header => [
      Buffer.from(`h${place % 10}`),
      place % 3 === 0 ? null : Buffer.alloc(place),
    ]);
    const value = Buffer.alloc(3_000_000, 7);
    const long: OutgoingMessage = { key: 'k'.repeat(70_000), value, headers };
    const batch = await recordBatch([long], { compressed: false, now });
    const head = { baseOffset: 0n, baseTime: 0n };
    const [record] = readRecords(batch.subarray(BATCH_OVERHEAD), 1, head, false);
    const texts = (list: readonly Header[]) =>
      list.map((header) => header.map((part) => part?.toString('hex')));
    expect(texts(record!.headers)).toEqual(texts(headers));
    expect(record!.value!.equals(value)).toBe(true);
  });
});

describe('plain kafkajs', () => {
  it('cannot write a header without a value, for which recordBatch is there', () => {
    expect(() => encodeRecord({ key: null, value: null, headers: { none: null } })).toThrow(TypeError);
  });
});

describe('messageBytes', () => {
  it('counts bytes, not characters', () => {
    const empty = messageBytes({ key: null, value: '' });
    expect(messageBytes({ key: null, value: 'Ролл' })).toBe(empty + 8);
    expect(messageBytes({ value: Buffer.alloc(5), key: '😀' })).toBe(empty + 9);
    expect(messageBytes({ value: null, key: null })).toBe(empty);
  });

  it('counts every header, one that comes several times each time', () => {
    const header: Header = [Buffer.from('name'), Buffer.from('x')];
    const [none, once, twice] = [[], [header], [header, header]].map((headers) =>
      messageBytes({ key: null, value: '', headers }),
    ) as [number, number, number];
    expect(once).toBeGreaterThan(none);
    expect(twice - once).toBe(once - none);
  });

  it('is never less than what a message alone takes, with the bytes of the batch', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (one) => {
        const batch = await recordBatch([one], { compressed: false, now });
        expect(batch.length).toBeLessThanOrEqual(messageBytes(one) + BATCH_OVERHEAD);
      }),
    );
    for (const size of [100, 10_000, 2_000_000]) {
      const header: Header = [Buffer.alloc(size), Buffer.alloc(size)];
      const large = { key: 'k'.repeat(size), value: 'v'.repeat(size), headers: [header] };
      const batch = await recordBatch([large], { compressed: false, now });
      expect(batch.length).toBeLessThanOrEqual(messageBytes(large) + BATCH_OVERHEAD);
    }
  });

  it('leaves room for a large message whose time is far from that of the first', async () => {
    const large = { key: 'k'.repeat(20_000), value: 'v'.repeat(2_000_000), timestamp: String(2n ** 62n) };
    const first = { key: null, value: '', timestamp: '0' };
    const batch = await recordBatch([first, ...Array.from({ length: 9 }, () => large)], {
      compressed: false,
      now,
    });
    const { records } = await decodeBatch(new Decoder(batch));
    expect(records.map(({ value }) => value?.length)).toEqual([
      0,
      ...Array.from({ length: 9 }, () => 2_000_000),
    ]);
  });
});
