import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ISocketFactoryArgs } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { AnswerReader, answeringSocket } from './kafkajs-socket';

const answer = (bytes: number) =>
  Buffer.concat([Buffer.from([0, 0, bytes >> 8, bytes % 256]), Buffer.alloc(bytes, 7)]);

describe('AnswerReader', () => {
  const answers = [answer(5), answer(0), answer(300), answer(1)];
  const stream = Buffer.concat(answers);

  it('finds the answers of a stream, also an empty one', () => {
    expect(new AnswerReader().read(stream)).toEqual(answers);
  });

  it.each([1, 2, 3, 5, 7, 300])('finds the same in pieces of %d bytes', (size) => {
    const reader = new AnswerReader();
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) {
      found.push(...reader.read(stream.subarray(at, at + size)));
    }
    expect(found).toEqual(answers);
  });

  it('gives an answer when its last byte is there', () => {
    const reader = new AnswerReader();
    expect(reader.read(answer(9).subarray(0, 12))).toEqual([]);
    expect(reader.read(answer(9).subarray(12))).toEqual([answer(9)]);
  });

  it('keeps nothing of the piece, which is written over by the next', () => {
    const piece = Buffer.from(stream);
    const found = new AnswerReader().read(piece);
    piece.fill(0);
    expect(found).toEqual(answers);
  });

  it('makes room for what has arrived, not for what a stranger says', () => {
    const reader = new AnswerReader();
    const before = process.memoryUsage().arrayBuffers;
    reader.read(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('finds a large answer in many pieces', () => {
    const length = 20_000_000;
    const large = Buffer.alloc(4 + length, 'abcdefghijk');
    large.writeUInt32BE(length, 0);
    const reader = new AnswerReader();
    const found: Buffer[] = [];
    for (let at = 0; at < large.length; at += 65_536) {
      found.push(...reader.read(large.subarray(at, at + 65_536)));
    }
    expect(found.map((one) => one.equals(large))).toEqual([true]);
  });
});

describe('answeringSocket', () => {
  it('takes a connection with it that answered last a moment after the question that has no answer', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const onConnect = () => undefined;
    const open = async (): Promise<Socket> => {
      const socket = answeringSocket({ host: '127.0.0.1', port, onConnect } as ISocketFactoryArgs) as Socket;
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    try {
      const [asking, idle, alive] = [await open(), await open(), await open()];
      asking.write(Buffer.alloc(8, 1));
      await pause(500);
      accepted[1]!.write(answer(4));
      await pause(6_000);
      accepted[2]!.write(answer(4));
      await new Promise((resolve) => asking.on('close', resolve));
      expect([asking, idle, alive].map(({ destroyed }) => destroyed)).toEqual([true, true, false]);
      alive.destroy();
    } finally {
      server.close();
    }
  });
});
