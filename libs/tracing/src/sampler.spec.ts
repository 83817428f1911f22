import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { rootSampler, spanSampler } from './sampler';
import type { SamplerName } from './tracing';

const low = '0'.repeat(31) + '1';
const high = 'f'.repeat(7) + '0'.repeat(25);

/** Whether a span of the trace is sampled, with a parent elsewhere whose flag says so or not. */
function isSampled(
  name: SamplerName,
  { traceId = low, parentIsSampled }: { traceId?: string; parentIsSampled?: boolean },
): boolean {
  const settings = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.5' };
  const context =
    parentIsSampled !== undefined
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId,
          spanId: '1'.repeat(16),
          traceFlags: parentIsSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
        })
      : ROOT_CONTEXT;
  const sampler = spanSampler(settings, rootSampler(settings));
  const { decision } = sampler.shouldSample(context, traceId, 'name', SpanKind.INTERNAL, {}, []);
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
  expect(isSampled('parentbased_always_off', { parentIsSampled: true })).toBe(true);
  expect(isSampled('parentbased_always_on', { parentIsSampled: false })).toBe(false);
  expect(isSampled('always_off', { parentIsSampled: true })).toBe(false);
  expect(isSampled('always_on', { parentIsSampled: false })).toBe(true);
  expect(isSampled('traceidratio', { parentIsSampled: true, traceId: high })).toBe(false);
});
