import type { ServerName, Stack } from './stack-state';

export interface Command {
  file: string;
  args: string[];
  /** Working folder of the process. */
  folder: string;
  /** What it reads from its standard input. */
  input?: string;
  /** The account it runs under, where that isn't the caller's. */
  account?: { uid: number; gid: number };
}

/** A server of a stack that runs as a local process. */
export interface Server {
  readonly name: ServerName;
  readonly title: string;
  /** What asks it to stop cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** A text that only this server's command lines contain: pids are reused, paths inside a stack's folder are not. */
  identity(stack: Stack): string;
  /** The start of the command line of its child processes, which may outlive it when it is killed. */
  childIdentity?(stack: Stack): string;
  /**
   * Writes the configuration, and says what to run to its end, in this order, to have empty data. This happens once in
   * the life of a stack, or again if it was interrupted.
   */
  prepare(stack: Stack): Promise<Command[]>;
  /** How to start it on the data that it has. */
  command(stack: Stack): Promise<Command>;
  /** Resolves when the services can use it; throws what is still missing. */
  probe(stack: Stack): Promise<void>;
}
