import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { RandomIdGenerator, SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace';
import type { NextFunction, Request, Response } from 'express';
import { reasonOf } from '@app/servers/reason-of';
import { begunBy, isBegunSampled } from './begun-trace';
import { contextOf, contextOfTexts, headersOf, type Message } from './message-context';
import { MessageSpan, timeAgo, type SharedBySpans } from './message-span';
import { boundOf, rootSampler, spanSampler } from './sampler';
import { spanExport, type SpanExport } from './span-export';
import { statementName } from './statement-name';
import type { TracingSettings } from './tracing';

/** A span links to so many others at most, as OpenTelemetry limits it. */
const MOST_LINKS = 128;
const SCOPE = { name: 'order-vault' };
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
  /** Of ids of traces that begin here and are sampled. */
  private readonly bound: number;
  private readonly sampler: Sampler;
  private readonly export: SpanExport;
  private readonly tracer: Tracer;
  /** The span of the work in hand as the parent of others, where it is sampled. */
  private readonly current = new AsyncLocalStorage<Context>();
  /** Spans of the messages in hand that are sampled. */
  private readonly spans = new Map<Message, MessageSpan>();

  /** @param begins whether a message without a trace begins one */
  constructor(
    service: string,
    private readonly begins: boolean,
    settings: TracingSettings,
  ) {
    this.bound = boundOf(settings);
    this.sampler = spanSampler(settings, rootSampler(settings));
    this.export = spanExport(service, this.sampler);
    this.tracer = this.export.provider.getTracer(SCOPE.name);
  }

  /**
   * Runs the work on a batch in a span of its own. Where one message alone is sampled, that is part of its trace. Where
   * several are, it is a trace by itself, and they have links to it, as it has to them.
   */
  async batch<M extends Message, T>(batch: Batch<M>, work: () => Promise<T>): Promise<T> {
    const { messages, operation, readAt, describe } = batch;
    const shared = this.shared(`${operation} ${messages[0]?.topic}`, operation, readAt);
    const sampled = messages.filter((message) => {
      const span = this.start(message, operation, shared, describe);
      if (span) {
        this.spans.set(message, span);
      }
      return span !== undefined;
    });
    if (sampled.length === 0) {
      return work();
    }
    const spans = sampled.map((message) => this.spans.get(message)!);
    try {
      return await this.within(this.beginBatch(batch, spans), work);
    } finally {
      this.end(spans);
      sampled.forEach((message) => this.spans.delete(message));
    }
  }

  /** Runs the work in a span of the work in hand, if that is sampled. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    const parent = this.current.getStore();
    if (!parent) {
      return work();
    }
    return this.within(this.tracer.startSpan(name, {}, parent), work);
  }

  /** Whether any message of the work in hand is sampled. */
  get isSampling(): boolean {
    return this.current.getStore() !== undefined;
  }

  /** The ids of the work in hand, for a line of the log, as OpenTelemetry names them; undefined: it is not sampled. */
  inHand(): { trace_id: string; span_id: string } | undefined {
    const context = this.spanInHand()?.spanContext();
    return context && { trace_id: context.traceId, span_id: context.spanId };
  }

  /** Notes that something happened to the work in hand. */
  note(event: string, attributes: Attributes): void {
    this.spanInHand()?.addEvent(event, attributes);
  }

  /** Notes that a message waits for something that is missing. */
  parked(message: Message, missing: string[]): void {
    this.spans.get(message)?.addEvent('parked', { missing });
  }

  /** Notes that a message became a dead letter; where it is in no batch, in a span of its own. */
  refused(message: Message, reason: string): void {
    const inBatch = this.spans.get(message);
    const span = inBatch ?? this.start(message, 'release', this.shared(`refuse ${message.topic}`, 'release'));
    span?.addEvent('dead letter', { reason });
    span?.fail(reason);
    if (span && !inBatch) {
      this.end([span]);
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
    const attributes = { 'db.system.name': 'postgresql' };
    const span = this.tracer.startSpan(
      statementName(statement),
      { kind: SpanKind.CLIENT, attributes },
      parent,
    );
    return (error) => {
      if (error) {
        failed(span, `SQLSTATE ${error.code ?? 'none'}`);
      }
      span.end();
    };
  }

  /** A request to the API, until its answer is sent or broken off. */
  request(request: Request, response: Response, next: NextFunction): void {
    const { method } = request;
    const attributes = { 'http.request.method': method };
    const span = this.tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes },
      contextOfTexts(request.headers),
    );
    if (!span.isRecording()) {
      next();
      return;
    }
    response.once('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path;
      if (route !== undefined) {
        span.updateName(`${method} ${route}`).setAttribute('http.route', route);
      }
      const { statusCode } = response;
      span.setAttributes({
        'http.response.status_code': statusCode,
        'http.response.header.x-request-id': [String(response.getHeader('X-Request-Id'))],
      });
      if (statusCode >= 500) {
        failed(span, String(statusCode));
      }
      span.end();
    });
    this.current.run(parentOf(span), next);
  }

  /** Sends what is left, as far as that is quick. */
  async stop(): Promise<void> {
    const sent = this.export.provider.shutdown().catch(() => undefined);
    await Promise.race([sent, pause(STOP_MS, undefined, { ref: false })]);
  }

  /** Runs the work in the span, and ends that. */
  private async within<T>(span: Span, work: () => Promise<T>): Promise<T> {
    try {
      return await this.current.run(parentOf(span), work);
    } catch (error) {
      failed(span, reasonOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  private spanInHand(): Span | undefined {
    const parent = this.current.getStore();
    return parent && trace.getSpan(parent);
  }

  /** @param readAt as of `performance.now()`; now by default */
  private shared(name: string, operation: Batch<Message>['operation'], readAt?: number): SharedBySpans {
    const waited = readAt === undefined ? 0 : performance.now() - readAt;
    return {
      name,
      kind: operation === 'process' ? SpanKind.CONSUMER : SpanKind.PRODUCER,
      startTime: timeAgo(waited),
      resource: this.export.resource,
      instrumentationScope: SCOPE,
    };
  }

  /** @returns undefined where the message is not sampled */
  private start<M extends Message>(
    message: M,
    operation: Batch<M>['operation'],
    shared: SharedBySpans,
    describe: Batch<M>['describe'] = () => ({}),
  ): MessageSpan | undefined {
    const place = this.placeOf(message, operation, shared);
    return place && new MessageSpan(shared, place.context, place.parent, describe(message));
  }

  /** In which trace a message has a span, and below which other; undefined: it is not sampled. */
  private placeOf(
    message: Message,
    operation: Batch<Message>['operation'],
    { name, kind }: SharedBySpans,
  ): { context: SpanContext; parent?: SpanContext } | undefined {
    const given = contextOf(message);
    if (given === ROOT_CONTEXT) {
      if (!this.begins || !isBegunSampled(message, this.bound)) {
        return undefined;
      }
      const begun = begunBy(message);
      return operation === 'process' ? { context: begun } : { context: this.below(begun), parent: begun };
    }
    const parent = trace.getSpanContext(given)!;
    const { decision } = this.sampler.shouldSample(given, parent.traceId, name, kind, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED
      ? { context: this.below(parent), parent }
      : undefined;
  }

  private below({ traceId, traceState }: SpanContext): SpanContext {
    return { traceId, spanId: this.ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED, traceState };
  }

  private end(spans: MessageSpan[]): void {
    const now = timeAgo(0);
    for (const span of spans) {
      span.end(now);
      this.export.processor.onEnd(span);
    }
  }

  private beginBatch<M extends Message>({ messages, readAt }: Batch<M>, sampled: MessageSpan[]): Span {
    const name = `batch ${messages[0]!.topic}`;
    const attributes = { 'messaging.batch.message_count': messages.length };
    const options = { attributes, startTime: readAt };
    const [only, ...others] = sampled;
    const span =
      others.length === 0
        ? this.tracer.startSpan(name, options, trace.setSpanContext(ROOT_CONTEXT, only!.spanContext()))
        : this.tracer.startSpan(name, { ...options, links: sampled.slice(0, MOST_LINKS).map(linkTo) });
    if (others.length > 0) {
      const link = linkTo(span);
      sampled.forEach(({ links }) => links.push(link));
    }
    if (readAt !== undefined) {
      this.tracer.startSpan('read', { startTime: readAt }, parentOf(span)).end();
    }
    return span;
  }
}

function parentOf(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

function linkTo(span: Pick<Span, 'spanContext'>): Link {
  return { context: span.spanContext() };
}

function failed(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
