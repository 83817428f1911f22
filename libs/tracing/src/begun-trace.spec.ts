import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { begunBy, isBegunSampled } from './begun-trace';
import type { Message } from './message-context';
import { boundOf, rootSampler } from './sampler';
import type { SamplerName } from './tracing';

const message = (change: Partial<Message> = {}): Message => ({
  topic: 't',
  partition: 0,
  offset: '7',
  timestamp: '1691820435000',
  headers: [],
  ...change,
});
const messages = Array.from({ length: 5_000 }, (_, offset) => message({ offset: String(offset) }));

it('is the same for the same message, and another for every other', () => {
  const first = begunBy(message());
  expect(begunBy(message({ headers: [[Buffer.from('a'), null]] }))).toEqual(first);
  const others = [
    { topic: 'u' },
    { partition: 1 },
    { offset: '8' },
    { offset: String(2 ** 40 + 7) },
    { timestamp: '1691820435001' },
  ].map((change) => begunBy(message(change)));
  expect(new Set([first, ...others].map(({ traceId }) => traceId)).size).toBe(6);
  expect(new Set([first, ...others].map(({ spanId }) => spanId)).size).toBe(6);
  expect(first.traceId).toMatch(/^[\da-f]{32}$/);
  expect(first.spanId).toMatch(/^[\da-f]{16}$/);
});

it('is another for each message of a partition, and so is each part of its id', () => {
  const ids = messages.map((one) => begunBy(one).traceId);
  expect(new Set(ids).size).toBe(messages.length);
  for (const part of [0, 8, 16, 24]) {
    expect(new Set(ids.map((id) => id.slice(part, part + 8))).size).toBeGreaterThan(messages.length - 3);
  }
});

it.each([
  ['always_on', '0.1', 1],
  ['parentbased_always_off', '0.1', 0],
  ['traceidratio', '0.1', 0.1],
  ['parentbased_traceidratio', '0.5', 0.5],
  ['traceidratio', '0', 0],
  ['traceidratio', '1', 1],
] as [SamplerName, string, number][])('is sampled by %s %s as the sampler says', (name, argument, share) => {
  const settings = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument };
  const [bound, sampler] = [boundOf(settings), rootSampler(settings)];
  const decisions = messages.map((one) => isBegunSampled(one, bound));
  const expected = messages.map((one) => {
    const { traceId } = begunBy(one);
    const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.INTERNAL, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  });
  expect(decisions).toEqual(expected);
  expect(decisions.filter(Boolean).length / messages.length).toBeCloseTo(share, 1);
});
