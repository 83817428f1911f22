import { afterAll, beforeAll } from 'vitest';
import { startServer, stopServer, up, type StackEnvironment } from '../../dev/stack/stack';
import { keep, type Release } from '../../dev/stack/stack-keeper';
import type { ServerName } from '../../dev/stack/stack-state';

/** Servers that a test may stop: those of the run are shared. */
export class OwnStack {
  environment!: StackEnvironment;
  readonly name = `outage-${process.pid}-${Date.now()}`;
  private release?: Release;

  async up(): Promise<void> {
    this.release = keep(this.name);
    this.environment = await up(this.name);
  }

  async down(): Promise<void> {
    await this.release?.();
  }

  stop(server: ServerName, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    return stopServer(this.name, server, { signal });
  }

  start(server: ServerName): Promise<void> {
    return startServer(this.name, server);
  }
}

/** Servers for the tests of the `describe` around the call. */
export function useOwnStack(): OwnStack {
  const stack = new OwnStack();
  beforeAll(() => stack.up());
  afterAll(() => stack.down());
  return stack;
}
