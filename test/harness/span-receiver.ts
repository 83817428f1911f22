import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as OTLP has it in JSON, and the service that sent it. */
export interface ReceivedSpan {
  /** Without `order-vault-`. */
  service: string;
  traceId: string;
  spanId: string;
  /** Empty where the trace begins. */
  parentSpanId: string;
  name: string;
  startTimeUnixNano: string;
  traceState?: string;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string }[];
  /** Whether it says that something failed. */
  hasFailed: boolean;
}

interface Value {
  stringValue?: string;
  intValue?: number;
  arrayValue?: { values: Value[] };
}
type Attributes = { key: string; value: Value }[];

interface SentSpan extends Omit<ReceivedSpan, 'attributes' | 'events'> {
  attributes: Attributes;
  events: { name: string; attributes: Attributes }[];
  status: { code: number };
}

interface Sent {
  resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: SentSpan[] }[] }[];
}

/** How OTLP says that a span failed. */
const ERROR = 2;

/** What takes spans by OTLP over HTTP, as a collector does, on 127.0.0.1. */
export class SpanReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Whether it takes requests and never answers. */
  hangs = false;
  private readonly server = createServer((request, response) => {
    this.receive(request, response).catch(() => response.destroy());
  });

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Those of one trace. */
  trace(traceId: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = (await json(request)) as Sent;
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') {
      response.writeHead(404).end();
    } else if (!this.hangs) {
      this.spans.push(...sent.resourceSpans.flatMap(spansOf));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }
  }
}

function spansOf({ resource, scopeSpans }: Sent['resourceSpans'][number]): ReceivedSpan[] {
  const service = String(named(resource.attributes)['service.name']).replace('order-vault-', '');
  return scopeSpans.flatMap(({ spans }) =>
    spans.map((span) => ({
      ...span,
      service,
      parentSpanId: span.parentSpanId ?? '',
      attributes: named(span.attributes),
      events: span.events.map(({ name, attributes }) => ({ name, attributes: named(attributes) })),
      hasFailed: span.status.code === ERROR,
    })),
  );
}

function named(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, arrayValue }: Value): unknown {
  return stringValue ?? intValue ?? arrayValue?.values.map(plain);
}

/** A trace as text: each span below the one that it is part of, in the order of their times, with its service. */
export function traceText(spans: readonly ReceivedSpan[], parentSpanId = '', indent = ''): string[] {
  return spans
    .filter((span) => span.parentSpanId === parentSpanId)
    .sort((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1))
    .flatMap(({ name, service, spanId }) => [
      `${indent}${name} (${service})`,
      ...traceText(spans, spanId, `${indent}  `),
    ]);
}
