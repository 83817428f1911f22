import { createServer } from 'node:net';

/**
 * Free ports on 127.0.0.1. They are below the ranges from which operating systems give ports to outgoing connections,
 * so that a server that was stopped finds its port free when it starts again.
 */
export async function freePorts(count: number, except: number[] = []): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (!except.includes(port) && (await portIsFree(port))) {
      found.add(port);
    }
  }
  return [...found];
}

export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
