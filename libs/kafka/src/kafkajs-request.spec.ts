import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import Connection from 'kafkajs/src/network/connection.js';
import createRequest from 'kafkajs/src/protocol/request.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { expect, it } from 'vitest';
import type { Broker } from './kafkajs-cluster';
import { ask } from './kafkajs-request';
import { answeringSocket } from './kafkajs-socket';

const silent = { debug: () => undefined, error: () => undefined, namespace: () => silent };
const produce = { apiKey: 0, apiVersion: 3, apiName: 'Produce' };

it('has the bytes of kafkajs, and gives the answer without its head', async () => {
  const asked: Buffer[] = [];
  // Answers each request with its own body, behind the number by which the request is known.
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const request = rest.subarray(0, 4 + rest.readInt32BE(0));
        rest = rest.subarray(request.length);
        asked.push(request);
        const body = request.subarray(14 + request.readInt16BE(12));
        const head = Buffer.alloc(4);
        head.writeInt32BE(4 + body.length);
        socket.write(Buffer.concat([head, request.subarray(8, 12), body]));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clientId = 'stg заказы';
  const connection = new Connection({
    host: '127.0.0.1',
    port,
    clientId,
    logger: silent,
    socketFactory: answeringSocket,
    requestTimeout: 15_000,
    connectionTimeout: 3_000,
  });
  await connection.connect();
  const broker = {
    connectionPool: { getConnectionByRequest: async () => connection },
  } as unknown as Broker;
  const part = fc.integer({ min: 0, max: 200_000 }).map((size) => Buffer.alloc(size, size));
  try {
    let correlationId = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const body = Buffer.concat(parts);
        expect((await ask(broker, produce, parts)).equals(body)).toBe(true);
        const encode = async () => new Encoder(body.length).writeBuffer(body);
        const { buffer } = await createRequest({ correlationId, clientId, request: { ...produce, encode } });
        expect(asked.at(-1)!.equals(buffer)).toBe(true);
        correlationId += 1;
      }),
      { numRuns: 50 },
    );
  } finally {
    await connection.disconnect();
    server.close();
  }
});
