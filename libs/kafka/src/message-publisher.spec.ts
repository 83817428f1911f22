import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByBytes } from './message-publisher';
import type { OutgoingMessage } from './outgoing-message';
import { messageBytes } from './record-batch';

const content = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array().map(Buffer.from));
const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  key: fc.option(content),
  value: fc.option(content),
});

const empty: OutgoingMessage = { key: null, value: '' };
const sized = (...bytes: number[]) =>
  bytes.map((size): OutgoingMessage => ({ key: null, value: 'x'.repeat(size - messageBytes(empty)) }));
const sizes = (runs: OutgoingMessage[][]) => runs.map((run) => run.map(messageBytes));

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
