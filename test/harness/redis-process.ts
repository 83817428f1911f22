import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { keep } from '../../dev/services/process-keeper';
import { freePorts } from './free-ports';
import type { Certificates } from './certificates';
import { redisProgram } from '../../dev/stack/redis-server';

const START_MS = 60_000;
/** A cluster or a sentinel takes a server for lost after so long. */
export const LOST_MS = 2_000;
const SLOTS = 16_384;

/** A Redis of one test, with settings of its own: started by the test, ended with it. */
export class RedisProcess {
  /** As somebody who may do everything; errors of the connection are nobody's. */
  readonly admin: Redis;
  private child?: ChildProcess;

  private constructor(
    readonly port: number,
    /** Of a node of a cluster, for the other nodes. */
    readonly busPort: number,
    readonly folder: string,
    private readonly isSentinel: boolean,
    private readonly certificates?: Certificates,
    password?: string,
  ) {
    this.admin = new Redis({
      host: this.host,
      port,
      password,
      tls: certificates && { ca: readFileSync(certificates.authority) },
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => 200,
    });
    this.admin.on('error', () => {});
  }

  /**
   * @param settings lines of its configuration file
   * @param certificates it takes TLS alone, also between servers
   */
  static async start(
    settings: string[] = [],
    { isSentinel = false, certificates }: { isSentinel?: boolean; certificates?: Certificates } = {},
  ): Promise<RedisProcess> {
    const [port, busPort] = await freePorts(2);
    const password = settings.find((line) => line.startsWith('requirepass '))?.split(' ')[1];
    const redis = new RedisProcess(
      port!,
      busPort!,
      mkdtempSync(join(tmpdir(), 'order-vault-redis-')),
      isSentinel,
      certificates,
      password,
    );
    // The bus of a cluster would have a port of those that the system gives to outgoing connections.
    const bus = settings.includes('cluster-enabled yes') ? [`cluster-port ${busPort}`] : [];
    const lines = [
      ...(certificates ? tlsOf(port!, certificates) : [`port ${port}`]),
      'bind 127.0.0.1',
      `dir ${redis.folder}`,
      'save ""',
      ...bus,
      ...settings,
    ];
    writeFileSync(join(redis.folder, 'redis.conf'), `${lines.join('\n')}\n`);
    onTestFinished(async () => {
      redis.admin.disconnect();
      await redis.kill();
      rmSync(redis.folder, { recursive: true, force: true });
    }, 30_000);
    await redis.launch();
    return redis;
  }

  get url(): string {
    return `${this.certificates ? 'rediss' : 'redis'}://${this.address}`;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** Certificates are made for a name. */
  get host(): string {
    return this.certificates ? 'localhost' : '127.0.0.1';
  }

  /** Starts it, and returns when it takes connections; it may still load its data. */
  async launch(): Promise<void> {
    const log = join(this.folder, 'log');
    const output = openSync(log, 'a');
    const configuration = join(this.folder, 'redis.conf');
    this.child = spawn(
      await redisProgram(),
      this.isSentinel ? [configuration, '--sentinel'] : [configuration],
      {
        stdio: ['ignore', output, output],
      },
    );
    closeSync(output);
    keep(this.child);
    for (const deadline = Date.now() + START_MS; ; await pause(50)) {
      try {
        await this.admin.ping();
        return;
      } catch (error) {
        if (/^(LOADING|NOAUTH|MASTERDOWN)/.test((error as Error).message)) {
          return;
        }
        if (Date.now() > deadline || this.child.exitCode !== null) {
          throw new Error(`Redis does not start: ${readFileSync(log, 'utf8')}`);
        }
      }
    }
  }

  /** Adds a line to its configuration file, for the next start. */
  configure(line: string): void {
    appendFileSync(join(this.folder, 'redis.conf'), `${line}\n`);
  }

  /**
   * Waits until a replica has what this master was given by now; WAIT would ask for the writes of its own connection
   * alone.
   */
  async untilReplicated(): Promise<void> {
    const [, end] = (await this.admin.call('role')) as [string, number];
    await until(async () => {
      const [, , replicas] = (await this.admin.call('role')) as [string, number, string[][]];
      return replicas.some(([, , acknowledged]) => Number(acknowledged) >= end);
    });
  }

  async kill(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
  }
}

function tlsOf(port: number, { authority, certificate, key }: Certificates): string[] {
  return [
    'port 0',
    `tls-port ${port}`,
    `tls-ca-cert-file ${authority}`,
    `tls-cert-file ${certificate}`,
    `tls-key-file ${key}`,
    'tls-auth-clients no',
    'tls-replication yes',
    'tls-cluster yes',
  ];
}

/** A cluster of three masters, each with a replica by default. */
export async function redisCluster(
  settings: string[] = [],
  { replicas = true, certificates }: { replicas?: boolean; certificates?: Certificates } = {},
): Promise<{ masters: RedisProcess[]; replicas: RedisProcess[]; url: string }> {
  const nodes = await Promise.all(
    Array.from({ length: replicas ? 6 : 3 }, () =>
      RedisProcess.start(
        [
          'cluster-enabled yes',
          `cluster-node-timeout ${LOST_MS}`,
          ...(certificates
            ? ['cluster-announce-hostname localhost', 'cluster-preferred-endpoint-type hostname']
            : []),
          ...settings,
        ],
        { certificates },
      ),
    ),
  );
  const [masters, others] = [nodes.slice(0, 3), nodes.slice(3)];
  for (const [place, node] of masters.entries()) {
    const [from, to] = [place, place + 1].map((part) => Math.floor((part * SLOTS) / 3)) as [number, number];
    await node.admin.cluster('ADDSLOTS', ...Array.from({ length: to - from }, (_, slot) => from + slot));
    await node.admin.call('cluster', 'set-config-epoch', place + 1);
  }
  for (const node of nodes.slice(1)) {
    const { port, busPort } = nodes[0]!;
    await node.admin.call('cluster', 'meet', '127.0.0.1', port, busPort);
  }
  await until(async () => {
    const infos = await Promise.all(nodes.map(({ admin }) => admin.cluster('INFO')));
    return infos.every((info) => info.includes(`cluster_known_nodes:${nodes.length}`));
  });
  for (const [place, node] of others.entries()) {
    const id = await masters[place]!.admin.call('cluster', 'myid');
    await until(() =>
      node.admin.call('cluster', 'replicate', id as string).then(
        () => true,
        () => false,
      ),
    );
  }
  await until(async () => {
    const infos = await Promise.all(nodes.map(({ admin }) => admin.cluster('INFO')));
    const roles = await Promise.all(others.map(({ admin }) => admin.info('replication')));
    return (
      infos.every((info) => info.includes('cluster_state:ok')) &&
      roles.every((role) => role.includes('master_link_status:up'))
    );
  });
  return {
    masters,
    replicas: others,
    url: `${certificates ? 'rediss' : 'redis'}+cluster://${masters.map(({ address }) => address).join()}`,
  };
}

/** A master, a replica, and three sentinels that watch over them as `dictionary`. */
export async function redisWithSentinels(
  settings: string[] = [],
  sentinelSettings: string[] = [],
  certificates?: Certificates,
): Promise<{ master: RedisProcess; replica: RedisProcess; sentinels: RedisProcess[] }> {
  const names = certificates ? ['replica-announce-ip localhost'] : [];
  const master = await RedisProcess.start([...names, ...settings], { certificates });
  const replica = await RedisProcess.start(
    [`replicaof ${master.host} ${master.port}`, ...names, ...settings],
    { certificates },
  );
  await until(async () => (await replica.admin.info('replication')).includes('master_link_status:up'));
  const sentinels = await Promise.all(
    Array.from({ length: 3 }, () =>
      RedisProcess.start(
        [
          ...(certificates ? ['sentinel resolve-hostnames yes', 'sentinel announce-hostnames yes'] : []),
          `sentinel monitor dictionary ${master.host} ${master.port} 2`,
          `sentinel down-after-milliseconds dictionary ${LOST_MS}`,
          'sentinel failover-timeout dictionary 10000',
          ...sentinelSettings,
        ],
        { isSentinel: true, certificates },
      ),
    ),
  );
  await until(async () => {
    const known = await Promise.all(
      sentinels.map(({ admin }) => admin.call('sentinel', 'ckquorum', 'dictionary').catch(() => '')),
    );
    const replicas = await Promise.all(
      sentinels.map(({ admin }) => admin.call('sentinel', 'replicas', 'dictionary') as Promise<unknown[]>),
    );
    return (
      known.every((answer) => String(answer).startsWith('OK 3')) &&
      replicas.every(({ length }) => length === 1)
    );
  });
  return { master, replica, sentinels };
}

/** @throws when it does not become so within a minute */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + START_MS; !(await isSo()); await pause(100)) {
    if (Date.now() > deadline) {
      throw new Error(`not so within ${START_MS / 1000} s: ${isSo}`);
    }
  }
}
