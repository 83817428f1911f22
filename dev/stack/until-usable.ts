import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './server';
import type { Stack } from './stack-state';

const patience = 60_000;

/**
 * Waits until the services can use the server.
 * @throws when it ends before that, or isn't usable within a minute.
 */
export async function untilUsable(stack: Stack, server: Server, isAlive: () => boolean): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await server.probe(stack);
    } catch (error) {
      if (!isAlive()) {
        throw new Error('it ended');
      }
      if (Date.now() > deadline) {
        throw new Error(`it isn't usable after ${patience / 1000} s (${(error as Error).message})`);
      }
    }
    await sleep(100);
  }
}
