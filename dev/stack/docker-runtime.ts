import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './run-to-end';
import type { Runtime } from './runtime';
import type { Server } from './server';
import type { Stack } from './stack-state';
import { untilUsable } from './until-usable';

const composeFile = fileURLToPath(new URL('../../docker-compose.yaml', import.meta.url));

/** The servers as containers: those of docker-compose.yaml, in a project of the stack's own. */
export const docker: Runtime = {
  async start(stack, servers) {
    if (stack.security) {
      throw new Error('A stack with TLS and passwords runs without Docker: install Java and Maven.');
    }
    await compose(stack, 'up', '-d', '--wait', ...servers.map(({ name }) => name));
    for (const server of servers) {
      await untilUsable(stack, server, () => true).catch((error: Error) => {
        throw new Error(
          `${server.title} of the stack ${stack.name}: ${error.message}. ${docker.lastWords(stack, server)}`,
        );
      });
    }
  },

  async stop(stack, server, manner) {
    await compose(stack, manner === 'kill' ? 'kill' : 'stop', server.name);
  },

  async remove(stack) {
    await compose(stack, 'down', '--volumes');
  },

  async state(stack, server) {
    const container = await compose(stack, 'ps', '--status', 'running', '--quiet', server.name);
    return { state: container.trim() ? 'running' : 'dead', log: logs(stack, server) };
  },

  lastWords(stack, server) {
    return `Its log: ${logs(stack, server)}`;
  },
};

/** What is missing to run containers here, or undefined. */
export function dockerIsMissing(): string | undefined {
  if (spawnSync('docker', ['compose', 'version']).status !== 0) {
    return 'there is no working `docker compose`';
  }
  return spawnSync('docker', ['info']).status === 0 ? undefined : 'no Docker engine answers';
}

function compose(stack: Stack, ...args: string[]): Promise<string> {
  const { kafka, postgres, redis } = stack.ports;
  const ports = { KAFKA_PORT: `${kafka}`, POSTGRES_PORT: `${postgres}`, REDIS_PORT: `${redis}` };
  const environment = { ...process.env, ...ports };
  return runToEnd('docker', ['compose', '-p', project(stack), '-f', composeFile, ...args], {
    env: environment,
  });
}

function project(stack: Stack): string {
  return `order-vault-${stack.name}`;
}

function logs(stack: Stack, server: Server): string {
  return `docker compose -p ${project(stack)} logs ${server.name}`;
}
