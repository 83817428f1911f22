import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { answeringSocket } from '@app/kafka/kafkajs-socket';
import { runAlone } from './kafkajs/run-alone';

/* Each says when a file `libs/kafka/src/kafkajs-*.ts` is no longer needed: when plain kafkajs does it right. */

it('plain kafkajs looks for requests on idle connections again and again, and with kafkajs-idle.ts it does not', async () => {
  expect(await looksWhileIdle()).toBeGreaterThan(20);
  expect(await looksWhileIdle('@app/kafka/kafkajs-idle')).toBe(0);
});

/** @param mend the file that mends kafkajs */
async function looksWhileIdle(...mend: string[]): Promise<number> {
  const output = await runAlone('looks-while-idle', inject('stack').KAFKA_BROKERS, ...mend);
  return Number(output);
}

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
