import { describe, expect, it } from 'vitest';
import { AnswerCounter } from './kafkajs.socket';

const answer = (bytes: number) =>
  Buffer.concat([Buffer.from([0, 0, bytes >> 8, bytes % 256]), Buffer.alloc(bytes, 7)]);

describe('AnswerCounter', () => {
  const stream = Buffer.concat([answer(5), answer(0), answer(300), answer(1)]);

  it('counts the answers of a stream, also an empty one', () => {
    expect(new AnswerCounter().endingIn(stream)).toBe(4);
  });

  it.each([1, 2, 3, 5, 7, 300])('counts the same in pieces of %d bytes', (size) => {
    const counter = new AnswerCounter();
    let answers = 0;
    for (let at = 0; at < stream.length; at += size) {
      answers += counter.endingIn(stream.subarray(at, at + size));
    }
    expect(answers).toBe(4);
  });

  it('counts an answer when its last byte is there', () => {
    const counter = new AnswerCounter();
    expect(counter.endingIn(answer(9).subarray(0, 12))).toBe(0);
    expect(counter.endingIn(Buffer.alloc(1))).toBe(1);
  });
});
