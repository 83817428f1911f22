import { docker, dockerIsMissing } from './docker-runtime';
import { kafka, kafkaIsMissing } from './kafka-server';
import { postgres } from './postgres-server';
import { processes } from './process-runtime';
import { redis } from './redis-server';
import type { Runtime, ServerState } from './runtime';
import type { Server } from './server';
import { environmentOf } from './stack.environment';
import type { ServerName } from './stack-state';
import { locked } from './stack-lock';
import {
  openStack,
  readStack,
  removeStack,
  type Stack,
  type StackChoices,
  type StackPlace,
} from './stack-state';

/** What the services need to use a stack. */
export type StackEnvironment = ReturnType<typeof environmentOf>;

export interface ServerStatus extends ServerState {
  server: ServerName;
  address: string;
}

const servers: Record<ServerName, Server> = { kafka, postgres, redis };
const runtimes: Record<Stack['runtime'], Runtime> = { processes, docker };

/**
 * Starts what isn't running of a stack and returns when all of it can be used. The servers outlive this process.
 * @throws which server didn't start, why, and where its log is; the others keep running.
 */
export async function up(name: string, choices: StackChoices = {}): Promise<StackEnvironment> {
  const stack = await openStack(name, choices, chooseRuntime);
  const isUp = await locked(stack, async () => {
    if (!stillExists(stack, choices)) {
      return false;
    } // taken down while this waited
    await runtimes[stack.runtime].start(stack, Object.values(servers));
    return true;
  });
  return isUp ? environmentOf(stack) : up(name, choices);
}

/** Stops the servers of a stack and removes all that is stored in them. Does nothing where there is no such stack. */
export async function down(name: string, place: StackPlace = {}): Promise<void> {
  const stack = readStack(name, place);
  if (!stack) {
    return;
  }
  await locked(stack, async () => {
    if (!stillExists(stack, place)) {
      return;
    }
    await runtimes[stack.runtime].remove(stack, Object.values(servers));
    removeStack(stack);
  });
}

/** @throws when there is no such stack. */
export async function status(name: string, place: StackPlace = {}): Promise<ServerStatus[]> {
  const stack = existingStack(name, place);
  return Promise.all(
    Object.values(servers).map(async (server) => ({
      server: server.name,
      address: `127.0.0.1:${stack.ports[server.name]}`,
      ...(await runtimes[stack.runtime].state(stack, server)),
    })),
  );
}

/** @throws when there is no such stack, or which of its servers is dead. */
export async function environment(name: string, place: StackPlace = {}): Promise<StackEnvironment> {
  const stack = existingStack(name, place);
  const dead = (await status(name, place)).find(({ state }) => state === 'dead');
  if (!dead) {
    return environmentOf(stack);
  }
  const server = servers[dead.server];
  const lastWords = runtimes[stack.runtime].lastWords(stack, server);
  throw new Error(
    `${server.title} of the stack ${name} is dead; \`${upCommand(name, place)}\` starts it again. ${lastWords}`,
  );
}

/** Stops one server, cleanly or (SIGKILL) like a crash. Its data stays. */
export async function stopServer(
  name: string,
  server: ServerName,
  { signal = 'SIGTERM', ...place }: StackPlace & { signal?: 'SIGTERM' | 'SIGKILL' } = {},
): Promise<void> {
  const stack = existingStack(name, place);
  const manner = signal === 'SIGKILL' ? 'kill' : 'clean';
  await locked(stack, () => runtimes[stack.runtime].stop(stack, servers[server], manner));
}

/** Starts one server again, on the same port with the same data, and returns when it can be used. */
export async function startServer(name: string, server: ServerName, place: StackPlace = {}): Promise<void> {
  const stack = existingStack(name, place);
  await locked(stack, () => runtimes[stack.runtime].start(stack, [servers[server]]));
}

function chooseRuntime(): Stack['runtime'] {
  const missing = kafkaIsMissing();
  if (!missing) {
    return 'processes';
  }
  const missingDocker = dockerIsMissing();
  if (!missingDocker) {
    return 'docker';
  }
  throw new Error(
    `The stack needs Java 17 or newer with Maven, or Docker: ${missing}, and ${missingDocker}. ` +
      'Install for example `apt install openjdk-17-jre-headless maven` or `brew install openjdk maven`.',
  );
}

function existingStack(name: string, place: StackPlace): Stack {
  const stack = readStack(name, place);
  if (!stack) {
    throw new Error(`There is no stack ${name}: \`${upCommand(name, place)}\` starts one.`);
  }
  return stack;
}

function stillExists(stack: Stack, place: StackPlace): boolean {
  return readStack(stack.name, place)?.ports.lock === stack.ports.lock;
}

function upCommand(name: string, { folder }: StackPlace): string {
  return `npm run stack -- up${name === 'dev' ? '' : ` --name ${name}`}${folder ? ` --dir ${folder}` : ''}`;
}
