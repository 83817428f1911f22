import {
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanStatus,
} from '@opentelemetry/api';
import { hrTimeDuration } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';

/**
 * A span as exporters read it. A tracer would make it too, and take five times as long: it asks the sampler, copies and
 * checks each attribute twice and reads three clocks, for each message of a batch and for each statement.
 */
export interface WorkSpan extends ReadableSpan {
  name: string;
  endTime: HrTime;
  duration: HrTime;
  ended: boolean;
  status: SpanStatus;
  droppedEventsCount: number;
}

/** What a span begins with. */
export interface Begun {
  name: string;
  kind?: SpanKind;
  context: SpanContext;
  parent?: SpanContext;
  startTime: HrTime;
  attributes?: Attributes;
  links?: Link[];
}

const SCOPE = { name: 'order-vault' };
const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const NONE: HrTime = [0, 0];
/** Of events that are kept, as OpenTelemetry limits them: a batch may wait and repeat for days. */
const MOST_EVENTS = 128;

/** @param resource the process */
export function workSpan(
  resource: Resource,
  { name, kind = SpanKind.INTERNAL, context, parent, startTime, attributes = {}, links = [] }: Begun,
): WorkSpan {
  return {
    name,
    kind,
    spanContext: () => context,
    parentSpanContext: parent,
    startTime,
    endTime: startTime,
    duration: NONE,
    ended: false,
    status: UNSET,
    attributes,
    links,
    events: [],
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** The oldest gives way where there are too many. */
export function addEvent(span: WorkSpan, event: TimedEvent): void {
  if (span.events.length === MOST_EVENTS) {
    span.events.shift();
    span.droppedEventsCount += 1;
  }
  span.events.push(event);
}

export function fail(span: WorkSpan, message: string): void {
  span.status = { code: SpanStatusCode.ERROR, message };
}

export function end(span: WorkSpan, time: HrTime): void {
  span.endTime = time;
  span.duration = hrTimeDuration(span.startTime, time);
  span.ended = true;
}
