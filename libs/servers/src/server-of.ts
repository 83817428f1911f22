/** The servers that a service waits for, by their names in health answers, metrics and logs. */
export type Server = 'kafka' | 'postgresql' | 'redis';

/** A server keeps work from going on: which one, and the words that say why and which variable to look at. */
export interface Obstacle {
  server: Server;
  reason: string;
}

const origins = new WeakMap<object, Server>();

/**
 * Notes which server an error came from: to be called where the client of that server hands it over, and nowhere else.
 * The first note stays, since an error passes through the code of others on its way up.
 */
export function noteOrigin<Failure>(server: Server, error: Failure): Failure {
  if (typeof error === 'object' && error !== null && !origins.has(error)) {
    origins.set(error, server);
  }
  return error;
}

/**
 * The server that an error came from; undefined for an error of our own code, or of a library that talks to no server.
 */
export function serverOf(error: unknown): Server | undefined {
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  // Errors of kafkajs come by many ways, all under names of its own.
  return origins.get(error) ?? (String(name).startsWith('KafkaJS') ? 'kafka' : serverOf(cause));
}
