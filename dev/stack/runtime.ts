import type { Server } from './server';
import type { Stack } from './stack-state';

/** What runs the servers of a stack: processes of this machine, or Docker. */
export interface Runtime {
  /**
   * Starts those of the servers that don't run, and returns when all of them can be used. They outlive this process.
   * @throws which server didn't start, why, and where its log is.
   */
  start(stack: Stack, servers: Server[]): Promise<void>;
  /** Stops one server, cleanly or like a crash, and returns when it is gone. Its data stays. */
  stop(stack: Stack, server: Server, manner: 'clean' | 'kill'): Promise<void>;
  /** Stops the servers for good, and removes what isn't in the folders of the stack. */
  remove(stack: Stack, servers: Server[]): Promise<void>;
  state(stack: Stack, server: Server): Promise<ServerState>;
  /** Where the server's log is and, where it is at hand, how it ends. */
  lastWords(stack: Stack, server: Server): string;
}

export interface ServerState {
  state: 'running' | 'dead';
  /** Undefined where it is dead or runs in a container. */
  pid?: number;
  /** A file, or the command that prints it. */
  log: string;
}
