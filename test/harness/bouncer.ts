import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keep } from '../../dev/services/process-keeper';
import { freePorts } from './free-ports';

export type PoolMode = 'session' | 'transaction' | 'statement';

const START_MS = 30_000;

/** PgBouncer in front of a PostgreSQL server, on a port of its own. `lacks('pgbouncer')` says whether there is one. */
export class Bouncer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'order-vault-bouncer-'));
  private child?: ChildProcess;
  private port?: number;
  private server: URL;

  /**
   * @param urls one for each login that may connect
   * @param connections so many to the server, for each login and database
   */
  constructor(
    private readonly urls: string[],
    private readonly mode: PoolMode,
    private readonly connections: number,
  ) {
    this.server = new URL(urls[0]!);
  }

  async start(): Promise<void> {
    this.port ??= (await freePorts(1))[0]!;
    const users = this.urls.map((url) => new URL(url));
    const list = new Set(users.map(({ username, password }) => `"${username}" "${password}"`));
    writeFileSync(join(this.folder, 'users.txt'), [...list].join('\n'));
    this.configure();
    // It refuses to be root, and becomes somebody who may read this.
    chmodSync(this.folder, 0o755);
    const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    this.child = spawn('pgbouncer', [...account, join(this.folder, 'bouncer.ini')], {
      env: { PATH: `${process.env.PATH}:/usr/sbin` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    keep(this.child);
    this.child.stderr!.on('data', (text: Buffer) => this.said.push(text.toString()));
    await this.untilListening();
  }

  /** New connections go to another server; those there are closed when their transaction or session ends. */
  switchTo(server: string): void {
    this.server = new URL(server);
    this.configure();
    this.child!.kill('SIGHUP');
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The same address by way of the pooler. */
  url(direct: string): string {
    const url = new URL(direct);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  private configure(): void {
    const { hostname, port } = this.server;
    // A transaction gets the connection that was used longest ago, hence seldom the one before: session state would be
    // missed at once.
    writeFileSync(
      join(this.folder, 'bouncer.ini'),
      `[databases]
      * = host=${hostname} port=${port}
      [pgbouncer]
      listen_addr = 127.0.0.1
      listen_port = ${this.port}
      unix_socket_dir =
      auth_type = scram-sha-256
      auth_file = ${join(this.folder, 'users.txt')}
      pool_mode = ${this.mode}
      default_pool_size = ${this.connections}
      max_client_conn = 200
      server_round_robin = 1`.replaceAll(/^ +/gm, ''),
    );
  }

  /** What it has printed. */
  private readonly said: string[] = [];

  private async untilListening(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline && this.child!.exitCode === null) {
      const socket = connect(this.port!, '127.0.0.1');
      const isThere = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'close').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (isThere) {
        return;
      }
      await pause(50);
    }
    throw new Error(`pgbouncer does not listen:\n${this.said.join('')}`);
  }
}
