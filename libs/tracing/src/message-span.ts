import {
  SpanStatusCode,
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
} from '@opentelemetry/api';
import { hrTimeDuration, millisToHrTime, type InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';

/** What the spans of all messages of a batch have in common. */
export interface SharedBySpans {
  name: string;
  kind: SpanKind;
  startTime: HrTime;
  resource: Resource;
  instrumentationScope: InstrumentationScope;
}

/**
 * The span of a message that is sampled. Most spans are of this kind. A tracer asks the sampler, copies and checks each
 * attribute and reads two clocks for each of them; here a batch has done that once, or it is known.
 */
export class MessageSpan implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
  readonly links: Link[] = [];
  readonly events: TimedEvent[] = [];
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  ended = false;
  endTime: HrTime;
  status: SpanStatus = UNSET;

  constructor(
    { name, kind, startTime, resource, instrumentationScope }: SharedBySpans,
    private readonly context: SpanContext,
    readonly parentSpanContext: SpanContext | undefined,
    readonly attributes: Attributes,
  ) {
    this.name = name;
    this.kind = kind;
    this.startTime = startTime;
    this.endTime = startTime;
    this.resource = resource;
    this.instrumentationScope = instrumentationScope;
  }

  get duration(): HrTime {
    return hrTimeDuration(this.startTime, this.endTime);
  }

  spanContext(): SpanContext {
    return this.context;
  }

  addEvent(name: string, attributes: Attributes): void {
    this.events.push({ name, attributes, time: timeAgo(0) });
  }

  fail(message: string): void {
    this.status = { code: SpanStatusCode.ERROR, message };
  }

  end(time: HrTime): void {
    this.endTime = time;
    this.ended = true;
  }
}

/** So many milliseconds ago, as spans have it: by the clock of the wall, which the other services have too. */
export function timeAgo(milliseconds: number): HrTime {
  // oxlint-disable-next-line no-restricted-properties
  return millisToHrTime(Date.now() - milliseconds);
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
