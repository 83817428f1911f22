import { Counter } from 'prom-client';
import type { Traces } from './traces';

/** Which traces there are, by the variables of OpenTelemetry. */
export interface TracingSettings {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  OTEL_TRACES_SAMPLER: SamplerName;
  /** From 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: string;
}

export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof samplers)[number];

export const spansTotal = new Counter({
  name: 'order_vault_spans_total',
  help: 'Spans by result: exported, failed (the receiver did not take them) or dropped (the queue was full)',
  labelNames: ['result'],
});
for (const result of ['exported', 'failed', 'dropped']) {
  spansTotal.inc({ result }, 0);
}

/** Undefined while this process makes no traces; what is written of OpenTelemetry is not even loaded then. */
export let traces: Traces | undefined;

/** @param begins whether the service begins a trace where a message has none: the first service alone does */
export async function startTracing(
  service: string,
  begins: boolean,
  settings: TracingSettings,
): Promise<void> {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) {
    const loaded = await import('./traces');
    traces = new loaded.Traces(service, begins, settings);
  }
}
