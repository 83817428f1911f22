import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readOtlp, type OtlpAttributes, type OtlpRequest, type OtlpValue } from './otlp';

/** A span as OTLP has it, ids as digits, and the service that sent it. */
export interface ReceivedSpan {
  /** Without `order-vault-`. */
  service: string;
  traceId: string;
  spanId: string;
  /** Empty where the trace begins. */
  parentSpanId: string;
  name: string;
  startTimeUnixNano: string;
  /** Empty where there is none. */
  traceState: string;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string }[];
  /** Whether it says that something failed. */
  hasFailed: boolean;
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
    const bytes = await buffer(request);
    const type = request.headers['content-type'];
    if (request.url !== '/v1/traces' || type !== 'application/x-protobuf') {
      response.writeHead(404).end();
    } else if (!this.hangs) {
      this.spans.push(...readOtlp(bytes).resourceSpans.flatMap(spansOf));
      response.writeHead(200, { 'content-type': type }).end();
    }
  }
}

function spansOf({ resource, scopeSpans }: OtlpRequest['resourceSpans'][number]): ReceivedSpan[] {
  const service = String(named(resource.attributes)['service.name']).replace('order-vault-', '');
  return scopeSpans.flatMap(({ spans }) =>
    spans.map((span) => ({
      ...span,
      ...idsOf(span),
      service,
      parentSpanId: span.parentSpanId.toString('hex'),
      attributes: named(span.attributes),
      events: span.events.map(({ name, attributes }) => ({ name, attributes: named(attributes) })),
      links: span.links.map(idsOf),
      hasFailed: span.status?.code === ERROR,
    })),
  );
}

function idsOf({ traceId, spanId }: { traceId: Buffer; spanId: Buffer }) {
  return { traceId: traceId.toString('hex'), spanId: spanId.toString('hex') };
}

function named(attributes: OtlpAttributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, arrayValue }: OtlpValue): unknown {
  return stringValue ?? arrayValue?.values.map(plain) ?? Number(intValue);
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
