import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import { describe, expect, it } from 'vitest';
import type { Header, OutgoingMessage } from './outgoing-message';
import { readRecords, type FetchedRecord } from './read-records';
import { BATCH_OVERHEAD, recordBatch } from './record-batch';

const now = 1_700_000_000_000;
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const message = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(bytes, fc.option(bytes)) as fc.Arbitrary<Header>, { maxLength: 5 }),
  timestamp: fc.option(fc.bigInt(-1n, 2n ** 62n).map(String), { nil: undefined }),
});
const messages = fc.array(message, { minLength: 1, maxLength: 100 });

/** What is behind the head of a record batch. */
async function recordsOf(list: OutgoingMessage[]): Promise<Buffer> {
  return (await recordBatch(list, { compressed: false, now })).subarray(BATCH_OVERHEAD);
}

/** Key and value are there only when they are asked for. */
function seen({ attributes, timestamp, offset, key, value, headers, isControlRecord }: FetchedRecord) {
  return { attributes, timestamp, offset, key, value, headers, isControlRecord };
}

describe('readRecords', () => {
  it('reads what was written, with headers in their order and any bytes in their names', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.bigInt(0n, 2n ** 62n), async (list, baseOffset) => {
        const baseTime = BigInt(list[0]!.timestamp ?? now);
        const records = readRecords(await recordsOf(list), list.length, { baseOffset, baseTime }, false);
        expect(records.map(seen)).toEqual(
          list.map(({ key, value, headers, timestamp = String(now) }, place) => ({
            attributes: 0,
            timestamp,
            offset: String(baseOffset + BigInt(place)),
            key,
            value,
            headers,
            isControlRecord: false,
          })),
        );
      }),
    );
  });

  it('reads what kafkajs reads, but for headers', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.boolean(), async (list, hasAppendTime) => {
        const batch = await recordBatch(list, { compressed: false, now });
        batch.writeInt16BE(hasAppendTime ? 8 : 0, 21);
        const { records } = await decodeBatch(new Decoder(batch));
        const head = {
          baseOffset: 0n,
          baseTime: batch.readBigInt64BE(27),
          appendTime: hasAppendTime ? batch.readBigInt64BE(35) : undefined,
        };
        const read = readRecords(batch.subarray(BATCH_OVERHEAD), list.length, head, false);
        expect(records).toMatchObject(read.map((record) => ({ ...seen(record), headers: {} })));
      }),
    );
  });

  it('takes nothing that is cut off, and no record with more in it than its size', async () => {
    const list: OutgoingMessage[] = [
      { key: 'k', value: 'first' },
      { key: null, value: 'second', headers: [[Buffer.from('name'), null]] },
    ];
    const whole = await recordsOf(list);
    const head = { baseOffset: 0n, baseTime: 0n };
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readRecords(whole.subarray(0, length), 2, head, false)).toThrow(RangeError);
    }
    const smaller = Buffer.from(whole);
    smaller[0]! -= 2; // zigzag: one byte less
    expect(() => readRecords(smaller, 2, head, false)).toThrow('it ends within message 0');
  });
});

describe('plain kafkajs', () => {
  it('does not read headers as they came, for which readRecords is there', async () => {
    const names = ['b', 'a', 'b', 'constructor'];
    const headers = names.map((name): Header => [Buffer.from(name), Buffer.from('x')]);
    const batch = await recordBatch([{ key: null, value: null, headers }], { compressed: false, now });
    const [record] = (await decodeBatch(new Decoder(batch))).records;
    expect(Object.keys(record!.headers!)).toEqual(['b', 'a', 'constructor']);
    expect(record!.headers!['constructor']).toBeInstanceOf(Array);
  });
});
