import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SpanKind,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type HrTime,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import { RandomIdGenerator, SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace';
import type { NextFunction, Request, Response } from 'express';
import { reasonOf } from '@app/servers/reason-of';
import { begunBy, isBegunSampled } from './begun-trace';
import { contextOf, contextOfTexts, headersOf, type Message } from './message-context';
import { boundOf, rootSampler, spanSampler } from './sampler';
import { SpanClock } from './span-clock';
import { spanExport, type SpanExport } from './span-export';
import { statementName } from './statement-name';
import type { TracingSettings } from './tracing';
import { addEvent, end, fail, workSpan, type Begun, type WorkSpan } from './work-span';

/** A span links to so many others at most, as OpenTelemetry limits it. */
const MOST_LINKS = 128;
/** A receiver that is slow does not hold up a stop for longer, in milliseconds. */
const STOP_MS = 1_000;

/** Work on messages of one topic. */
export interface Batch<M> {
  messages: readonly M[];
  /** What is done with them: `process`, or `release` where they were stored before. */
  operation: 'process' | 'release';
  /** When the broker handed them over, as of `performance.now()`. */
  readAt?: number;
  /** What a span says of its message. */
  describe: (message: M) => Attributes;
}

/**
 * The traces of this process. A message that is sampled has a span from when it was read until its offset has moved, in
 * the trace that its headers name, or in one that it begins. Statements, stages and events find the span that they
 * belong to by themselves: it is that of the work in which they happen.
 */
export class Traces {
  private readonly ids = new RandomIdGenerator();
  private readonly clock = new SpanClock();
  /** Of ids of traces that begin here and are sampled. */
  private readonly bound: number;
  private readonly sampler: Sampler;
  private readonly export: SpanExport;
  /** The span of the work in hand, where it is sampled. */
  private readonly current = new AsyncLocalStorage<WorkSpan>();
  /** Spans of the messages in hand that are sampled. */
  private readonly spans = new Map<Message, WorkSpan>();

  /** @param begins whether a message without a trace begins one */
  constructor(
    service: string,
    private readonly begins: boolean,
    settings: TracingSettings,
  ) {
    this.bound = boundOf(settings);
    this.sampler = spanSampler(settings, rootSampler(settings));
    this.export = spanExport(service);
  }

  /**
   * Runs the work on a batch in a span of its own. Where one message alone is sampled, that is part of its trace. Where
   * several are, it is a trace by itself, and they have links to it, as it has to them.
   */
  async batch<M extends Message, T>(batch: Batch<M>, work: () => Promise<T>): Promise<T> {
    const spans = this.begin(batch);
    if (spans.size === 0) {
      return work();
    }
    try {
      return await this.within(this.beginBatch(batch, [...spans.values()]), work);
    } finally {
      const now = this.clock.time();
      for (const [message, span] of spans) {
        this.spans.delete(message);
        this.end(span, now);
      }
    }
  }

  /** Runs the work in a span of the work in hand, if that is sampled. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    const parent = this.current.getStore();
    if (!parent) {
      return work();
    }
    return this.within(this.below(parent, { name }), work);
  }

  /** Whether any message of the work in hand is sampled. */
  get isSampling(): boolean {
    return this.current.getStore() !== undefined;
  }

  /** The ids of the work in hand, for a line of the log, as OpenTelemetry names them; undefined: it is not sampled. */
  inHand(): { trace_id: string; span_id: string } | undefined {
    const context = this.current.getStore()?.spanContext();
    return context && { trace_id: context.traceId, span_id: context.spanId };
  }

  /** Notes that something happened to the work in hand. */
  note(event: string, attributes: Attributes): void {
    this.addEvent(this.current.getStore(), event, attributes);
  }

  /** Notes that a message waits for something that is missing. */
  parked(message: Message, missing: string[]): void {
    this.addEvent(this.spans.get(message), 'parked', { missing });
  }

  /** Notes that a message became a dead letter; where it is in no batch, in a span of its own. */
  refused(message: Message, reason: string): void {
    const inBatch = this.spans.get(message);
    const place = inBatch ? undefined : this.placeOf(message, 'release');
    const alone = place && this.start({ ...place, name: `refuse ${message.topic}`, kind: SpanKind.PRODUCER });
    const span = inBatch ?? alone;
    this.addEvent(span, 'dead letter', { reason });
    if (span) {
      fail(span, reason);
    }
    if (alone) {
      this.end(alone);
    }
  }

  /** The headers that let the next service go on with the trace of a message; none where it is not sampled. */
  headersOf(message: Message): [name: Buffer, value: Buffer][] {
    const span = this.spans.get(message);
    return span ? headersOf(span.spanContext()) : [];
  }

  /** @returns what is to be called when the statement is answered, with the error if there is one */
  statement(statement: unknown): ((error?: { code?: string }) => void) | undefined {
    const parent = this.current.getStore();
    if (!parent) {
      return undefined;
    }
    const span = this.below(parent, {
      name: statementName(statement),
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql' },
    });
    return (error) => {
      if (error) {
        fail(span, `SQLSTATE ${error.code ?? 'none'}`);
      }
      this.end(span);
    };
  }

  /** A request to the API, until its answer is sent or broken off. */
  request(request: Request, response: Response, next: NextFunction): void {
    const { method } = request;
    const place = this.placeOfRequest(request);
    if (!place) {
      next();
      return;
    }
    this.clock.adjust();
    const attributes: Attributes = { 'http.request.method': method };
    const span = this.start({ ...place, name: method, kind: SpanKind.SERVER, attributes });
    response.once('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path;
      if (route !== undefined) {
        span.name = `${method} ${route}`;
        attributes['http.route'] = route;
      }
      const { statusCode } = response;
      attributes['http.response.status_code'] = statusCode;
      attributes['http.response.header.x-request-id'] = [String(response.getHeader('X-Request-Id'))];
      if (statusCode >= 500) {
        fail(span, String(statusCode));
      }
      this.end(span);
    });
    this.current.run(span, next);
  }

  /** Sends what is left, as far as that is quick. */
  async stop(): Promise<void> {
    const sent = this.export.processor.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(STOP_MS, undefined, { ref: false })]);
  }

  /** Runs the work in the span, and ends that. */
  private async within<T>(span: WorkSpan, work: () => Promise<T>): Promise<T> {
    try {
      return await this.current.run(span, work);
    } catch (error) {
      fail(span, reasonOf(error));
      throw error;
    } finally {
      this.end(span);
    }
  }

  /** @returns the spans of the messages that are sampled */
  private begin<M extends Message>({ messages, operation, readAt, describe }: Batch<M>): Map<M, WorkSpan> {
    this.clock.adjust();
    const spans = new Map<M, WorkSpan>();
    const name = `${operation} ${messages[0]?.topic}`;
    const kind = operation === 'process' ? SpanKind.CONSUMER : SpanKind.PRODUCER;
    const startTime = this.clock.time(readAt);
    for (const message of messages) {
      const place = this.placeOf(message, operation);
      if (place) {
        const span = this.start({ ...place, name, kind, startTime, attributes: describe(message) });
        spans.set(message, span);
        this.spans.set(message, span);
      }
    }
    return spans;
  }

  private beginBatch<M extends Message>({ messages, readAt }: Batch<M>, sampled: WorkSpan[]): WorkSpan {
    const startTime = this.clock.time(readAt);
    const begun = {
      name: `batch ${messages[0]!.topic}`,
      startTime,
      attributes: { 'messaging.batch.message_count': messages.length },
    };
    const [only, ...others] = sampled;
    const span =
      others.length === 0
        ? this.below(only!, begun)
        : this.start({ ...begun, context: this.newTrace(), links: sampled.slice(0, MOST_LINKS).map(linkTo) });
    if (others.length > 0) {
      const link = linkTo(span);
      sampled.forEach(({ links }) => links.push(link));
    }
    if (readAt !== undefined) {
      this.end(this.below(span, { name: 'read', startTime }));
    }
    return span;
  }

  /** In which trace a message has a span, and below which other; undefined: it is not sampled. */
  private placeOf(message: Message, operation: Batch<Message>['operation']): Place | undefined {
    const given = contextOf(message);
    const parent = trace.getSpanContext(given);
    if (parent) {
      return this.isSampled(given, parent.traceId) ? { context: this.childOf(parent), parent } : undefined;
    }
    if (!this.begins || !isBegunSampled(message, this.bound)) {
      return undefined;
    }
    const begun = begunBy(message);
    return operation === 'process' ? { context: begun } : { context: this.childOf(begun), parent: begun };
  }

  private placeOfRequest(request: Request): Place | undefined {
    const given = contextOfTexts(request.headers);
    const parent = trace.getSpanContext(given);
    const context = parent ? this.childOf(parent) : this.newTrace();
    return this.isSampled(given, context.traceId) ? { context, parent } : undefined;
  }

  private isSampled(given: Context, traceId: string): boolean {
    const { decision } = this.sampler.shouldSample(given, traceId, '', SpanKind.INTERNAL, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  private newTrace(): SpanContext {
    const [traceId, spanId] = [this.ids.generateTraceId(), this.ids.generateSpanId()];
    return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  }

  private childOf({ traceId, traceState }: SpanContext): SpanContext {
    return { traceId, spanId: this.ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED, traceState };
  }

  private below(
    span: WorkSpan,
    begun: Omit<Begun, 'context' | 'startTime'> & { startTime?: HrTime },
  ): WorkSpan {
    const parent = span.spanContext();
    return this.start({ ...begun, context: this.childOf(parent), parent });
  }

  private start(begun: Omit<Begun, 'startTime'> & { startTime?: HrTime }): WorkSpan {
    return workSpan(this.export.resource, { ...begun, startTime: begun.startTime ?? this.clock.time() });
  }

  private addEvent(span: WorkSpan | undefined, name: string, attributes: Attributes): void {
    if (span) {
      addEvent(span, { name, attributes, time: this.clock.time() });
    }
  }

  private end(span: WorkSpan, time = this.clock.time()): void {
    end(span, time);
    this.export.processor.onEnd(span);
  }
}

/** Where a span is: in which trace, and below which other. */
interface Place {
  context: SpanContext;
  parent?: SpanContext;
}

function linkTo(span: WorkSpan): Link {
  return { context: span.spanContext() };
}
