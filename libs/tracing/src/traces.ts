import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { RandomIdGenerator, type IdGenerator, type TracerProvider } from '@opentelemetry/sdk-trace';
import type { NextFunction, Request, Response } from 'express';
import { reasonOf } from '@app/servers/reason-of';
import { begunBy, isBegunSampled } from './begun-trace';
import { contextOf, contextOfTexts, headersOf, type Message } from './message-context';
import { boundOf, rootSampler, spanSampler } from './sampler';
import { spanExport } from './span-export';
import { statementName } from './statement-name';
import type { TracingSettings } from './tracing';

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
  private readonly ids = new ChosenIds();
  /** Of ids of traces that begin here and are sampled. */
  private readonly bound: number;
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  /** The span of the work in hand as the parent of others, where it is sampled. */
  private readonly current = new AsyncLocalStorage<Context>();
  /** Spans of the messages in hand that are sampled. */
  private readonly spans = new Map<Message, Span>();

  /** @param begins whether a message without a trace begins one */
  constructor(
    service: string,
    private readonly begins: boolean,
    settings: TracingSettings,
  ) {
    this.bound = boundOf(settings);
    this.provider = spanExport(service, spanSampler(settings, rootSampler(settings)), this.ids);
    this.tracer = this.provider.getTracer('order-vault');
  }

  /**
   * Runs the work on a batch in a span of its own. Where one message alone is sampled, that is part of its trace. Where
   * several are, it is a trace by itself, and they have links to it, as it has to them.
   */
  async batch<M extends Message, T>(batch: Batch<M>, work: () => Promise<T>): Promise<T> {
    const sampled = batch.messages.filter((message) => this.begin(message, batch));
    if (sampled.length === 0) {
      return work();
    }
    const spans = sampled.map((message) => this.spans.get(message)!);
    try {
      return await this.within(this.beginBatch(batch, spans), work);
    } finally {
      spans.forEach((span) => span.end());
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
    const span = inBatch ?? this.start(message, `refuse ${message.topic}`, { operation: 'release' });
    if (span) {
      failed(span.addEvent('dead letter', { reason }), reason);
    }
    if (span !== inBatch) {
      span?.end();
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
    const sent = this.provider.shutdown().catch(() => undefined);
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

  /** @returns whether the message is sampled */
  private begin<M extends Message>(message: M, batch: Batch<M>): boolean {
    const span = this.start(message, `${batch.operation} ${message.topic}`, batch);
    if (span) {
      this.spans.set(message, span);
    }
    return span !== undefined;
  }

  /** @returns undefined where the message is not sampled */
  private start<M extends Message>(
    message: M,
    name: string,
    { operation, readAt: startTime, describe }: Pick<Batch<M>, 'operation' | 'readAt'> & Partial<Batch<M>>,
  ): Span | undefined {
    let parent: Context = contextOf(message);
    if (parent === ROOT_CONTEXT) {
      if (!this.begins || !isBegunSampled(message, this.bound)) {
        return undefined;
      }
      const begun = begunBy(message);
      if (operation === 'process') {
        this.ids.next = begun;
      } else {
        parent = trace.setSpanContext(parent, begun);
      }
    }
    const kind = operation === 'process' ? SpanKind.CONSUMER : SpanKind.PRODUCER;
    const span = this.tracer.startSpan(name, { kind, startTime }, parent);
    return span.isRecording() ? span.setAttributes(describe?.(message) ?? {}) : undefined;
  }

  private beginBatch<M extends Message>({ messages, readAt }: Batch<M>, sampled: Span[]): Span {
    const name = `batch ${messages[0]!.topic}`;
    const attributes = { 'messaging.batch.message_count': messages.length };
    const options = { attributes, startTime: readAt };
    const [only, ...others] = sampled;
    const span =
      others.length === 0
        ? this.tracer.startSpan(name, options, parentOf(only!))
        : this.tracer.startSpan(name, { ...options, links: sampled.slice(0, MOST_LINKS).map(linkTo) });
    if (others.length > 0) {
      const link = linkTo(span);
      sampled.forEach((one) => one.addLink(link));
    }
    if (readAt !== undefined) {
      this.tracer.startSpan('read', { startTime: readAt }, parentOf(span)).end();
    }
    return span;
  }
}

/** Random ids, but for the next span where ids are chosen for it. */
class ChosenIds implements IdGenerator {
  next?: SpanContext;
  private readonly random = new RandomIdGenerator();

  generateSpanId(): string {
    return this.next?.spanId ?? this.random.generateSpanId();
  }

  /** Asked after the id of the span, and only where a trace begins. */
  generateTraceId(): string {
    const traceId = this.next?.traceId;
    this.next = undefined;
    return traceId ?? this.random.generateTraceId();
  }
}

function parentOf(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

function linkTo(span: Span): Link {
  return { context: span.spanContext() };
}

function failed(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
