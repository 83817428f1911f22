import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { keep } from '../../dev/services/process-keeper';
import { freePorts } from './free-ports';
import { programs, systemAccount } from '../../dev/stack/postgres-server';
import { account } from '../../dev/stack/stack.environment';

const START_MS = 60_000;

/** A PostgreSQL server of a test, which may be copied, replicated, promoted and killed. */
export class PostgresNode {
  private child?: ChildProcess;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** An empty server that runs. */
  static async create(): Promise<PostgresNode> {
    const node = await PostgresNode.inNewFolder();
    const { initdb } = await programs({});
    const password = join(node.folder, 'password');
    writeFileSync(password, account);
    node.own(password);
    await node.run(initdb, [
      `--pgdata=${node.data}`,
      `--username=${account}`,
      `--pwfile=${password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ]);
    await node.start();
    return node;
  }

  /** Another server with the same data. This one is stopped for the copy, and started again where it ran. */
  async copy({ asStandby = false } = {}): Promise<PostgresNode> {
    const copy = await PostgresNode.inNewFolder();
    const ran = this.runs;
    await this.stop();
    cpSync(this.data, copy.data, { recursive: true });
    if (asStandby) {
      const source = `host=127.0.0.1 port=${this.port} user=${account} password=${account}`;
      writeFileSync(copy.standbySignal, '');
      appendFileSync(join(copy.data, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    }
    copy.own(
      copy.data,
      ...readdirSync(copy.data, { recursive: true }).map((path) => join(copy.data, String(path))),
    );
    if (ran) {
      await this.start();
    }
    return copy;
  }

  url(database = 'postgres'): string {
    return `postgres://${account}:${account}@127.0.0.1:${this.port}/${database}`;
  }

  async start(): Promise<void> {
    await this.launch();
    const deadline = Date.now() + START_MS;
    while (!(await this.query('SELECT 1').catch(() => undefined))) {
      if (Date.now() > deadline) {
        throw new Error(`PostgreSQL in ${this.folder} does not start`);
      }
      await sleep(100);
    }
  }

  /**
   * Starts it for recovery alone, and returns at once: until {@link endRecovery} it lets nobody in, as a server does
   * that starts.
   */
  async recover(): Promise<void> {
    writeFileSync(this.standbySignal, '');
    this.own(this.standbySignal);
    await this.launch('-c', 'hot_standby=off');
  }

  /** Starts it again, as a server that takes everything. */
  async endRecovery(): Promise<void> {
    await this.stop();
    rmSync(this.standbySignal);
    await this.start();
  }

  /**
   * While it is stopped: puts the file of an empty table on a device that is full. Reading it finds no row; an INSERT
   * fails, since no space is left.
   * @param path as `pg_relation_filepath` gives it
   */
  fillDiskUnder(path: string): void {
    rmSync(join(this.data, path));
    symlinkSync('/dev/full', join(this.data, path));
  }

  /** While it is stopped: puts the file back to where there is space. */
  freeDiskUnder(path: string): void {
    const file = join(this.data, path);
    rmSync(file);
    writeFileSync(file, '', { mode: 0o600 });
    this.own(file);
  }

  /** @param signal SIGINT ends the sessions first; SIGQUIT ends everything at once, as a crash does */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    if (this.runs) {
      const exit = once(this.child!, 'exit');
      this.child!.kill(signal);
      await exit;
    }
  }

  async remove(): Promise<void> {
    await this.stop('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async query<Row extends object>(statement: string, database?: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.url(database), connectionTimeoutMillis: 3_000 });
    client.on('error', () => {}); // the query that fails says it
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** From now on a standby hears nothing of what is committed. */
  async cutOff(): Promise<void> {
    await this.query(`ALTER SYSTEM SET primary_conninfo = ''`);
    await this.query('SELECT pg_reload_conf()');
    while ((await this.query('SELECT FROM pg_stat_wal_receiver')).length > 0) {
      await sleep(50);
    }
  }

  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
  }

  private static async inNewFolder(): Promise<PostgresNode> {
    const node = new PostgresNode(
      mkdtempSync(join(tmpdir(), 'order-vault-postgres-')),
      (await freePorts(1))[0]!,
    );
    node.own(node.folder);
    return node;
  }

  private get runs(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private get standbySignal(): string {
    return join(this.data, 'standby.signal');
  }

  private async launch(...settings: string[]): Promise<void> {
    const { server } = await programs({});
    const log = openSync(join(this.folder, 'log'), 'a');
    const place = ['-D', this.data, '-p', String(this.port), '-h', '127.0.0.1', '-k', ''];
    this.child = spawn(server, [...place, '-c', 'max_connections=100', ...settings], {
      ...systemAccount(),
      cwd: this.folder,
      stdio: ['ignore', log, log],
    });
    keep(this.child);
  }

  private own(...paths: string[]): void {
    const owner = systemAccount();
    if (owner) {
      paths.forEach((path) => chownSync(path, owner.uid, owner.gid));
    }
  }

  private async run(file: string, args: string[]): Promise<void> {
    const child = spawn(file, args, { ...systemAccount(), cwd: this.folder, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) {
      throw new Error(`${file} ended with ${code}`);
    }
  }
}
