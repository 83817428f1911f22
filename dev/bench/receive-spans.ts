import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';
import type { SpanCount } from './span-counter';

/*
 * The process of `SpanCounter`: sends the port that it listens on, and answers a message by what has come until then.
 */

/** Of a request of OTLP only that of which there is one a span. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { repeated bytes spans = 2; }
`);
const requestType = root.lookupType('Request');

interface ScopedRequest {
  resourceSpans: { scopeSpans: { spans: unknown[] }[] }[];
}

const count: SpanCount = { spans: 0, requests: 0, bytes: 0 };

const server = createServer((request, response) => {
  receive(request)
    .then(() => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
    .catch((error: Error) => response.writeHead(400).end(error.message));
});

async function receive(request: IncomingMessage): Promise<void> {
  const bytes = await buffer(request);
  const { resourceSpans } = requestType.decode(bytes) as unknown as ScopedRequest;
  for (const { spans } of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)) {
    count.spans += spans.length;
  }
  count.requests += 1;
  count.bytes += bytes.length;
}

server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', () => process.send!(count));
process.on('disconnect', () => process.exit());
