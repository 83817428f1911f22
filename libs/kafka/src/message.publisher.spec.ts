import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { messageBytes, splitByBytes } from './message.publisher';

/** How kafkajs itself writes a record, and the batch around it. */
const require = createRequire(import.meta.url);
type Encoded = { buffer: Buffer };
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoded;
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: { records: Encoded[] }) => Promise<Encoded>;
};

const content = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array().map(Buffer.from));
const header = fc.oneof(content, fc.array(content, { maxLength: 3 }));
const message: fc.Arbitrary<Message> = fc.record({
  key: fc.option(content),
  value: fc.option(content),
  headers: fc.dictionary(fc.string({ unit: 'grapheme' }), header, { noNullPrototype: true }),
});

const sized = (...bytes: number[]) =>
  bytes.map((size): Message => ({ value: 'x'.repeat(size - messageBytes({ value: '' })) }));
const sizes = (runs: Message[][]) => runs.map((run) => run.map(messageBytes));

describe('messageBytes', () => {
  it('counts bytes, not characters', () => {
    const empty = messageBytes({ value: '' });
    expect(messageBytes({ value: 'Ролл' })).toBe(empty + 8);
    expect(messageBytes({ value: Buffer.alloc(5), key: '😀' })).toBe(empty + 9);
    expect(messageBytes({ value: null, key: null })).toBe(empty);
  });

  it('counts every header, one that comes several times each time', () => {
    const once = messageBytes({ value: '', headers: { name: 'x' } });
    const twice = messageBytes({ value: '', headers: { name: ['x', 'x'] } });
    expect(twice - once).toBe(once - messageBytes({ value: '' }));
  });

  it('is never less than what kafkajs sends, with the 61 bytes of the batch', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (one) => {
        const record = encodeRecord(one);
        expect(record.buffer.length).toBeLessThanOrEqual(messageBytes(one));
        const batch = await RecordBatch({ records: [record] });
        // The count of the bytes that follow belongs to the request, not to the batch.
        expect(batch.buffer.length).toBeLessThanOrEqual(messageBytes(one) + 61);
      }),
    );
    for (const size of [100, 10_000, 2_000_000]) {
      const large = { key: 'k'.repeat(size), value: 'v'.repeat(size), headers: { h: 'h'.repeat(size) } };
      expect(encodeRecord(large).buffer.length).toBeLessThanOrEqual(messageBytes(large));
    }
  });
});

describe('splitByBytes', () => {
  it('fills a run up to the limit and not beyond', () => {
    expect(sizes(splitByBytes(sized(50, 50, 50), 100))).toEqual([[50, 50], [50]]);
    expect(sizes(splitByBytes(sized(50, 51, 49), 100))).toEqual([[50], [51, 49]]);
  });

  it('gives a larger message a run of its own', () => {
    expect(sizes(splitByBytes(sized(40, 101, 40, 40), 100))).toEqual([[40], [101], [40, 40]]);
    expect(sizes(splitByBytes(sized(500, 500), 100))).toEqual([[500], [500]]);
  });

  it('gives no messages no run', () => {
    expect(splitByBytes([], 100)).toEqual([]);
  });

  it('keeps every message in its order, in runs that could not be fewer from the front', () => {
    const most = 200;
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const runs = splitByBytes(messages, most);
        expect(runs.flat()).toEqual(messages);
        const bytes = runs.map((run) => run.reduce((sum, one) => sum + messageBytes(one), 0));
        runs.forEach((run, place) => {
          expect(run.length === 1 || bytes[place]! <= most).toBe(true);
          const next = runs[place + 1];
          expect(next === undefined || bytes[place]! + messageBytes(next[0]!) > most).toBe(true);
        });
      }),
    );
  });
});
