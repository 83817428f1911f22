import { hostname } from 'node:os';
import { createNoopMeter, type Attributes, type Meter, type MeterProvider } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { Logger } from '@nestjs/common';
import { reasonOf } from '@app/servers/reason-of';
import { WaitLog } from '@app/servers/wait-log';
import { spansTotal } from './tracing';

/**
 * So many spans wait for the receiver at most, some kilobytes each. While it is down or slow, those that come on top
 * are dropped.
 */
const MOST_WAITING = 4_096;

/** How long a span waits at most until it is sent with others, in milliseconds. */
const DELAY_MS = 1_000;

/** Counts what the processor counts of itself: the spans that it is done with, and why some were not sent. */
const counts: MeterProvider = {
  getMeter: () =>
    Object.assign(Object.create(createNoopMeter()) as Meter, {
      createCounter: () => ({
        add: (spans: number, attributes?: Attributes) =>
          spansTotal.inc({ result: resultOf(attributes) }, spans),
      }),
    }),
};

function resultOf(attributes: Attributes = {}): string {
  const error = attributes['error.type'];
  return error === undefined ? 'exported' : error === 'queue_full' ? 'dropped' : 'failed';
}

/** Where spans go. */
export interface SpanExport {
  /** Takes spans that have ended. */
  processor: SpanProcessor;
  /** The process that they are of. */
  resource: Resource;
}

/**
 * Sends spans to `OTEL_EXPORTER_OTLP_ENDPOINT`, in the background and some at a time. The exporter reads that variable
 * itself, and its others as OpenTelemetry names them, as `OTEL_EXPORTER_OTLP_HEADERS`.
 */
export function spanExport(service: string): SpanExport {
  const logger = new Logger('traces');
  const log = new WaitLog();
  setGlobalErrorHandler((error) => {
    const reason = reasonOf(error);
    if (log.isDue(reason)) {
      logger.warn(`spans are not taken at OTEL_EXPORTER_OTLP_ENDPOINT: ${reason}`);
    }
  });
  const exporter = new OTLPTraceExporter();
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MOST_WAITING,
    scheduledDelayMillis: DELAY_MS,
    selfObsMeterProvider: counts,
  });
  const resource = resourceFromAttributes({
    'service.name': `order-vault-${service}`,
    'service.instance.id': hostname(),
  });
  return { processor, resource };
}
