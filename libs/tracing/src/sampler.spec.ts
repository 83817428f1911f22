import { ROOT_CONTEXT, SpanKind, trace, TraceFlags, type Link } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { rootSampler, spanSampler } from './sampler';
import type { SamplerName } from './tracing';

const low = '0'.repeat(31) + '1';
const high = 'f'.repeat(7) + '0'.repeat(25);

/** Whether a span of the trace is sampled, with a parent whose flag says so or not, here or elsewhere. */
function isSampled(
  name: SamplerName,
  {
    traceId = low,
    parent,
    links = [],
  }: { traceId?: string; parent?: [sampled: boolean, isRemote: boolean]; links?: Link[] },
): boolean {
  const settings = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.5' };
  const context = parent
    ? trace.setSpanContext(ROOT_CONTEXT, {
        traceId,
        spanId: '1'.repeat(16),
        traceFlags: parent[0] ? TraceFlags.SAMPLED : TraceFlags.NONE,
        isRemote: parent[1],
      })
    : ROOT_CONTEXT;
  const sampler = spanSampler(settings, rootSampler(settings));
  const { decision } = sampler.shouldSample(context, traceId, 'name', SpanKind.INTERNAL, {}, links);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

it.each([
  ['always_on', true, true],
  ['always_off', false, false],
  ['traceidratio', true, false],
  ['parentbased_always_on', true, true],
  ['parentbased_always_off', false, false],
  ['parentbased_traceidratio', true, false],
] as const)('%s decides on a trace that begins by its id', (name, ofLow, ofHigh) => {
  expect(isSampled(name, { traceId: low })).toBe(ofLow);
  expect(isSampled(name, { traceId: high })).toBe(ofHigh);
});

it('goes by a parent of outside only where its name says so', () => {
  expect(isSampled('parentbased_always_off', { parent: [true, true] })).toBe(true);
  expect(isSampled('parentbased_always_on', { parent: [false, true] })).toBe(false);
  expect(isSampled('always_off', { parent: [true, true] })).toBe(false);
  expect(isSampled('always_on', { parent: [false, true] })).toBe(true);
  expect(isSampled('traceidratio', { parent: [true, true], traceId: high })).toBe(false);
});

it('always goes by a parent of here, and by what a span links to', () => {
  expect(isSampled('traceidratio', { parent: [true, false], traceId: high })).toBe(true);
  expect(isSampled('always_on', { parent: [false, false] })).toBe(false);
  const context = { traceId: low, spanId: '1'.repeat(16), traceFlags: TraceFlags.SAMPLED };
  expect(isSampled('traceidratio', { traceId: high, links: [{ context }] })).toBe(true);
});
