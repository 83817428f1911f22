import { hash } from 'node:crypto';
import { TraceFlags, type SpanContext } from '@opentelemetry/api';
import type { Message } from './message-context';

/** Of the last message that was asked about: the id of its trace, 32 bits each. */
const words = new Uint32Array(4);
const bytes = Buffer.alloc(16);
const TWO_TO_32 = 2 ** 32;
const ROUNDS = 8;

/**
 * Whether the trace that a message begins is sampled, by its id as `TraceIdRatioBasedSampler` takes it. Every message
 * of the source is asked about, and nine in ten are not sampled: so nothing is allocated here.
 * @param bound ids below it are, from 0 to 2^32
 */
export function isBegunSampled(message: Message, bound: number): boolean {
  mix(message);
  return (words[0]! ^ words[1]! ^ words[2]! ^ words[3]!) >>> 0 < bound;
}

/**
 * The trace that a message begins, and the span in which it does: always the same for the same message. So a message
 * that is read again, or is released after it was parked, stays in its trace, and nothing of that has to be stored.
 */
export function begunBy(message: Message): SpanContext {
  mix(message);
  words.forEach((word, place) => bytes.writeUInt32BE(word, 4 * place));
  const traceId = bytes.toString('hex');
  return { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED };
}

/**
 * Place and time of the message through the quarter round of ChaCha: what comes in differs, so what comes out does, and
 * a digest takes twenty times as long.
 */
function mix({ topic, partition, offset, timestamp }: Message): void {
  const [place, time] = [Number(offset), Number(timestamp)];
  let a = place ^ 0x61707865;
  let b = (place / TWO_TO_32) ^ 0x3320646e;
  let c = time ^ 0x79622d32;
  let d = (time / TWO_TO_32) ^ Math.imul(partition + 1, 0x9e3779b1) ^ digestOf(topic);
  for (let round = 0; round < ROUNDS; round += 1) {
    a = (a + b) | 0;
    d = turned(d ^ a, 16);
    c = (c + d) | 0;
    b = turned(b ^ c, 12);
    a = (a + b) | 0;
    d = turned(d ^ a, 8);
    c = (c + d) | 0;
    b = turned(b ^ c, 7);
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
}

function turned(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** A service reads one topic. */
let known = { topic: '', digest: 0 };

function digestOf(topic: string): number {
  if (topic !== known.topic) {
    known = { topic, digest: Number.parseInt(hash('sha256', topic).slice(0, 8), 16) };
  }
  return known.digest;
}
