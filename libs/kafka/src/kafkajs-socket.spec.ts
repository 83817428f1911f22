import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ISocketFactoryArgs } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { AnswerCounter, answeringSocket } from './kafkajs-socket';

const answer = (bytes: number) =>
  Buffer.concat([Buffer.from([0, 0, bytes >> 8, bytes % 256]), Buffer.alloc(bytes, 7)]);

describe('AnswerCounter', () => {
  const stream = Buffer.concat([answer(5), answer(0), answer(300), answer(1)]);

  it('counts the answers of a stream, also an empty one', () => {
    expect(new AnswerCounter().endingIn(stream)).toBe(4);
  });

  it.each([1, 2, 3, 5, 7, 300])('counts the same in pieces of %d bytes', (size) => {
    const counter = new AnswerCounter();
    let answers = 0;
    for (let at = 0; at < stream.length; at += size) {
      answers += counter.endingIn(stream.subarray(at, at + size));
    }
    expect(answers).toBe(4);
  });

  it('counts an answer when its last byte is there', () => {
    const counter = new AnswerCounter();
    expect(counter.endingIn(answer(9).subarray(0, 12))).toBe(0);
    expect(counter.endingIn(Buffer.alloc(1))).toBe(1);
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
