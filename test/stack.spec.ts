import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../dev/stack/free-ports';
import { isRunning, runningProcesses } from '../dev/stack/process-table';
import {
  down,
  environment,
  startServer,
  status,
  stopServer,
  up,
  type ServerStatus,
  type StackEnvironment,
} from '../dev/stack/stack';
import { keep, type Release } from '../dev/stack/stack-keeper';
import { readStack, type Stack } from '../dev/stack/stack-state';

const run = promisify(execFile);

// Only its owner can enter such a folder, so for root this is also the case of an unreachable one.
const place = mkdtempSync(join(tmpdir(), 'order-vault-stack-'));
const left = { folder: join(place, 'left') };
const right = { folder: join(place, 'right') };

describe('two stacks side by side', () => {
  let first: StackEnvironment;
  let again: StackEnvironment;
  let other: StackEnvironment;

  let release: Release[];

  beforeAll(async () => {
    release = [keep('left', left), keep('right', right)];
    [first, again, other] = await Promise.all([up('left', left), up('left', left), up('right', right)]);
  });

  afterAll(async () => {
    await Promise.all(release.map((go) => go()));
    rmSync(place, { recursive: true });
  });

  it('are up once each, with ports of their own, however many ask at once', async () => {
    expect(again).toEqual(first);
    for (const key of ['KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL'] as const) {
      expect(other[key]).not.toBe(first[key]);
    }
    expect(processesOf(readStack('left', left)!)).toHaveLength(3);
    expect(processesOf(readStack('right', right)!)).toHaveLength(3);
  });

  it('keep their data apart', async () => {
    await Promise.all([store(first, 'left'), store(other, 'right')]);
    expect(await stored(first)).toEqual({ kafka: ['left'], postgres: 'left', redis: 'left' });
    expect(await stored(other)).toEqual({ kafka: ['right'], postgres: 'right', redis: 'right' });
  });

  it('stay as they are at a second up', async () => {
    const before = await status('left', left);
    expect(await up('left', left)).toEqual(first);
    expect(await status('left', left)).toEqual(before);
  });

  it('refuse another port than the one they have', async () => {
    const [port] = await freePorts(1);
    await expect(up('left', { ...left, ports: { redis: port } })).rejects.toThrow(`not ${port}`);
  });

  it('print their environment', async () => {
    const printed = await stackCommand('env', '--name', 'left', '--dir', left.folder);
    expect(printed.stdout.trim().split('\n')).toEqual(
      Object.entries(first).map(([key, value]) => `${key}=${value}`),
    );
  });

  it('name a killed server and its log, and start it again with its data', async () => {
    for (const server of ['kafka', 'postgres', 'redis'] as const) {
      await stopServer('left', server, { ...left, signal: 'SIGKILL' });
      const log = join(left.folder, `${server}.log`);
      expect(await states()).toEqual({
        kafka: 'running',
        postgres: 'running',
        redis: 'running',
        [server]: 'dead',
      });
      await expect(environment('left', left)).rejects.toThrow(log);
      const said = await stackCommand('status', '--name', 'left', '--dir', left.folder).catch(
        (error) => error,
      );
      expect(said).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(new RegExp(`${server} +dead +.*${log}`)),
      });
      await startServer('left', server, left);
    }
    expect(await environment('left', left)).toEqual(first);
    expect(await stored(first)).toEqual({ kafka: ['left'], postgres: 'left', redis: 'left' });
  });

  it('start again what was stopped, and only that', async () => {
    const before = await status('left', left);
    await stopServer('left', 'redis', left);
    await up('left', left);
    const after = await status('left', left);
    expect(pidOf(after, 'kafka')).toBe(pidOf(before, 'kafka'));
    expect(pidOf(after, 'postgres')).toBe(pidOf(before, 'postgres'));
    expect(pidOf(after, 'redis')).not.toBe(pidOf(before, 'redis'));
    expect(await stored(first)).toMatchObject({ redis: 'left' });
  });

  it('take no stranger for a server, whatever the pid file says', async () => {
    const stranger = spawn('sleep', ['300']);
    try {
      await stopServer('left', 'redis', { ...left, signal: 'SIGKILL' });
      writeFileSync(join(left.folder, 'redis.pid'), String(stranger.pid));
      expect(await states()).toMatchObject({ redis: 'dead' });
      await stopServer('left', 'redis', left);
      expect(isRunning(stranger.pid!, 'sleep')).toBe(true);
      await startServer('left', 'redis', left);
    } finally {
      stranger.kill();
    }
  });

  it('say which server did not start, why, and where its log is', async () => {
    await stopServer('left', 'redis', left);
    const thief = createServer().listen(readStack('left', left)!.ports.redis, '127.0.0.1');
    try {
      await once(thief, 'listening');
      const failure = up('left', left);
      await expect(failure).rejects.toThrow(/Redis of the stack left did not start: its port \d+ is taken/);
      await expect(failure).rejects.toThrow(join(left.folder, 'redis.log'));
    } finally {
      thief.close();
    }
  });

  it('leave nothing behind when they are down', async () => {
    const gone = readStack('left', left)!;
    await down('left', left);
    await down('left', left);
    expect([gone.folder, gone.postgresFolder].filter((folder) => existsSync(folder))).toEqual([]);
    expect(processesOf(gone)).toEqual([]);
    await expect(environment('left', left)).rejects.toThrow('npm run stack -- up --name left');
    expect(processesOf(readStack('right', right)!)).toHaveLength(3);
  });

  async function states(): Promise<Record<string, string>> {
    return Object.fromEntries((await status('left', left)).map(({ server, state }) => [server, state]));
  }
});

describe('a stack is refused', () => {
  it('in a folder that holds something else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'order-vault-foreign-'));
    try {
      writeFileSync(join(folder, 'thesis.txt'), '');
      await expect(up('foreign', { folder })).rejects.toThrow('thesis.txt');
      await down('foreign', { folder });
      expect(readdirSync(folder)).toEqual(['thesis.txt']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('under a name that is no name', async () => {
    await expect(up('../dev')).rejects.toThrow('"../dev"');
  });
});

function stackCommand(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['--import', 'tsx', 'dev/stack.ts', ...args]);
}

/** The processes of its servers, by the paths in their command lines; PostgreSQL's children have other ones. */
function processesOf({ folder, postgresFolder }: Stack): number[] {
  return runningProcesses()
    .filter(({ command }) => command.includes(`${folder}/`) || command.includes(`${postgresFolder}/`))
    .map(({ pid }) => pid);
}

function pidOf(servers: ServerStatus[], name: ServerStatus['server']): number | undefined {
  return servers.find(({ server }) => server === name)?.pid;
}

function kafkaClient({ KAFKA_BROKERS }: StackEnvironment): Kafka {
  return new Kafka({ brokers: [KAFKA_BROKERS], logLevel: logLevel.NOTHING });
}

async function store(stack: StackEnvironment, text: string): Promise<void> {
  const admin = kafkaClient(stack).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'texts' }] });
  await admin.disconnect();
  const producer = kafkaClient(stack).producer();
  await producer.connect();
  await producer.send({ topic: 'texts', messages: [{ value: text }] });
  await producer.disconnect();

  const database = new Client({ connectionString: stack.DATABASE_URL });
  await database.connect();
  await database.query('CREATE TABLE texts AS SELECT $1::text AS text', [text]);
  await database.end();

  const dictionary = new Redis(stack.REDIS_URL);
  await dictionary.set('text', text);
  dictionary.disconnect();
}

async function stored(
  stack: StackEnvironment,
): Promise<{ kafka: string[]; postgres: string; redis: string | null }> {
  const messages: string[] = [];
  const consumer = kafkaClient(stack).consumer({ groupId: `reader-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: 'texts', fromBeginning: true });
  await new Promise<void>((resolve) => {
    consumer.on('consumer.end_batch_process', () => resolve());
    void consumer.run({ eachMessage: async ({ message }) => void messages.push(message.value!.toString()) });
  });
  await consumer.disconnect();

  const database = new Client({ connectionString: stack.DATABASE_URL });
  await database.connect();
  const { rows } = await database.query('SELECT text FROM texts');
  await database.end();

  const dictionary = new Redis(stack.REDIS_URL);
  const text = await dictionary.get('text');
  dictionary.disconnect();
  return { kafka: messages, postgres: rows[0].text, redis: text };
}
