import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { cacheFolder, filledOnce } from './download-cache';
import { unpackArtifact } from './maven';
import type { Server } from './server';
import { environmentOf } from './stack.environment';
import type { Stack } from './stack-state';

const artifact = 'com.github.codemonstur:embedded-redis:1.4.3';
const binaries: Record<string, string> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'linux-ia32': 'redis-server-6.2.7-linux-386',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};

/** Redis: the one on the PATH, or else one that a Maven artifact brings. */
export const redis: Server = {
  name: 'redis',
  title: 'Redis',
  stopSignal: 'SIGTERM',
  identity: configurationFile,

  async prepare(stack) {
    writeFileSync(configurationFile(stack), configuration(stack));
    return [];
  },

  async command(stack) {
    return {
      file: stack.releases?.redis ?? (await redisProgram()),
      args: [configurationFile(stack)],
      folder: folder(stack),
    };
  },

  async probe(stack) {
    const { REDIS_URL, REDIS_SSL_CA } = environmentOf(stack);
    const client = new Redis(REDIS_URL, {
      tls: REDIS_SSL_CA ? { ca: readFileSync(REDIS_SSL_CA, 'utf8') } : undefined,
      lazyConnect: true,
      connectTimeout: 1_000,
      commandTimeout: 3_000,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    client.on('error', () => {}); // the command that fails of it reports it
    try {
      await client.connect();
      await client.ping();
    } finally {
      client.disconnect();
    }
  },
};

function folder(stack: Stack): string {
  return join(stack.folder, 'redis');
}

function configurationFile(stack: Stack): string {
  return join(folder(stack), 'redis.conf');
}

/** `set-proc-title no` leaves the path of this file in the command line, by which the process is recognised. */
function configuration(stack: Stack): string {
  return `
bind 127.0.0.1
${access(stack)}
set-proc-title no
save ""
appendonly yes
maxmemory-policy noeviction
`;
}

function access({ ports, security }: Stack): string {
  if (!security) {
    return `port ${ports.redis}`;
  }
  return `
port 0
tls-port ${ports.redis}
tls-ca-cert-file "${security.authority}"
tls-cert-file "${security.certificate}"
tls-key-file "${security.key}"
tls-auth-clients no
requirepass ${security.redisPassword}
`;
}

export async function redisProgram(): Promise<string> {
  if (onPath()) {
    return 'redis-server';
  }
  const binary = binaries[`${process.platform}-${process.arch}`];
  if (!binary) {
    throw new Error(
      `There is no redis-server for ${process.platform}-${process.arch} to download: install Redis 6.2 or newer.`,
    );
  }
  const downloaded = await filledOnce(cacheFolder(artifact.split(':').slice(1).join('-')), async (draft) => {
    console.error('Downloading Redis, once: 27 MB');
    await unpackArtifact(artifact, binary, draft);
    chmodSync(join(draft, binary), 0o755);
  });
  return join(downloaded, binary);
}

/** From 6.2 on it knows `set-proc-title`. */
function onPath(): boolean {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2);
}
