import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from './stack-state';

const patience = 180_000;

/**
 * Runs `work` while no other process works on the same stack. The lock is a port that is listened on: the operating
 * system takes it back from a holder that dies, however it dies, so there is no stale lock to recognise.
 * @throws when the lock isn't free within three minutes.
 */
export async function locked<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(stack);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(stack: Stack): Promise<Server> {
  const deadline = Date.now() + patience;
  for (;;) {
    const lock = createServer((socket) => socket.destroy());
    try {
      lock.listen(stack.ports.lock, '127.0.0.1');
      await once(lock, 'listening');
      return lock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > deadline) {
        throw new Error(
          `Another command is at work on the stack ${stack.name} (it holds port ${stack.ports.lock}): ${(error as Error).message}`,
        );
      }
      await sleep(100);
    }
  }
}
