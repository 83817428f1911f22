import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { answeringSocket } from '@app/kafka/kafkajs-socket';

const require = createRequire(import.meta.url);

/* Each says when a file `libs/kafka/src/kafkajs-*.ts` is no longer needed: when plain kafkajs does it right. */

it('plain kafkajs looks for requests on idle connections again and again, and with kafkajs-idle.ts it does not', async () => {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: { checkPendingRequests(): void };
  };
  const check = prototype.checkPendingRequests;
  let looks = 0;
  prototype.checkPendingRequests = function () {
    looks += 1;
    check.call(this);
  };
  const whileIdle = async (look: () => Promise<void>) => {
    const admin = new Kafka({
      brokers: inject('stack').KAFKA_BROKERS.split(','),
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    await admin.listTopics();
    looks = 0;
    await look();
    await admin.disconnect();
  };
  try {
    await whileIdle(async () => {
      await expect.poll(() => looks).toBeGreaterThan(20);
    });
    await import('@app/kafka/kafkajs-idle');
    // The plain one ends its loop with the connection that it belongs to.
    await whileIdle(async () => {
      await pause(1_000);
      expect(looks).toBe(0);
    });
  } finally {
    prototype.checkPendingRequests = check;
  }
});

it('plain kafkajs keeps a connection on which nothing is answered, and with kafkajs-socket.ts it ends', async () => {
  /** Counts what becomes of the connections to a broker that takes requests, and never answers, until the test ends. */
  async function askInVain(config: Partial<KafkaConfig>): Promise<{ requests: number; ended: number }> {
    const sockets: Socket[] = [];
    const seen = { requests: 0, ended: 0 };
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', () => (seen.requests += 1));
      socket.on('error', () => undefined).on('close', () => (seen.ended += 1));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const brokers = [`127.0.0.1:${port}`];
    const admin = new Kafka({
      brokers,
      logLevel: logLevel.NOTHING,
      requestTimeout: 1_000,
      ...config,
    }).admin();
    admin.connect().catch(() => undefined);
    onTestFinished(async () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await admin.disconnect().catch(() => undefined);
    });
    return seen;
  }
  const [plain, mended] = await Promise.all([askInVain({}), askInVain({ socketFactory: answeringSocket })]);
  await expect.poll(() => mended.ended, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(plain.requests).toBeGreaterThan(0);
  expect(plain.ended).toBe(0);
});
