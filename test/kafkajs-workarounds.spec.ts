import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { answeringSocket } from '@app/kafka/kafkajs.socket';

const require = createRequire(import.meta.url);

/* Each says when a file `libs/kafka/src/kafkajs.*.ts` is no longer needed: when plain kafkajs does it right. */

it('plain kafkajs looks for requests on idle connections again and again, and with kafkajs.idle.ts it does not', async () => {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: { checkPendingRequests(): void };
  };
  const check = prototype.checkPendingRequests;
  let looks = 0;
  prototype.checkPendingRequests = function () {
    looks += 1;
    check.call(this);
  };
  const looksInASecond = async () => {
    const admin = new Kafka({
      brokers: inject('stack').KAFKA_BROKERS.split(','),
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    await admin.listTopics();
    looks = 0;
    await pause(1_000);
    const found = looks;
    await admin.disconnect();
    return found;
  };
  try {
    expect(await looksInASecond()).toBeGreaterThan(20);
    await import('@app/kafka/kafkajs.idle');
    // The plain one ends its loop with the connection that it belongs to.
    expect(await looksInASecond()).toBe(0);
  } finally {
    prototype.checkPendingRequests = check;
  }
});

it('plain kafkajs asks over a silent connection again and again, and with kafkajs.socket.ts it makes a new one', async () => {
  /** A broker that takes connections and requests, and never answers. */
  async function askInVain(config: Partial<KafkaConfig>, milliseconds: number) {
    const sockets: Socket[] = [];
    let requests = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', () => (requests += 1)).on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const admin = new Kafka({
      brokers: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 500,
      requestTimeout: 500,
      retry: { initialRetryTime: 100, maxRetryTime: 100, retries: 1_000 },
      ...config,
    }).admin();
    void admin.connect().catch(() => undefined);
    await pause(milliseconds);
    const seen = { connections: sockets.length, requests };
    server.close();
    sockets.forEach((socket) => socket.destroy());
    await admin.disconnect().catch(() => undefined);
    return seen;
  }
  const plain = await askInVain({}, 5_000);
  expect(plain.connections).toBe(1);
  expect(plain.requests).toBeGreaterThan(2);
  expect((await askInVain({ socketFactory: answeringSocket }, 15_000)).connections).toBeGreaterThan(1);
});
