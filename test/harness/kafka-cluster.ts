import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll } from 'vitest';
import { keep } from '../../dev/services/process-keeper';
import { brokerJava } from './broker-java';
import { freePorts } from './free-ports';
import { runToEnd } from '../../dev/stack/run-to-end';
import { eventually } from './eventually';

const UP_MS = 120_000;
const IDS = [1, 2, 3];
/**
 * A broker that was late, as on a busy machine, leads nothing until the controller has looked whether it should. Kafka
 * lets five minutes pass between two looks.
 */
const LOOK_SECONDS = 20;

/** Three brokers on this machine, which a test kills and starts again. */
export class KafkaCluster {
  private readonly folder = mkdtempSync(join(tmpdir(), 'order-vault-kafka-'));
  private readonly ports = new Map<number, { broker: number; controller: number }>();
  private readonly processes = new Map<number, ChildProcess>();
  private java: string[] = [];

  /**
   * @param controllers the brokers that are controllers too; one alone, which stays, is what a cluster with controllers
   * of their own is like
   */
  constructor(private readonly controllers: readonly number[]) {}

  /** As `KAFKA_BROKERS`. */
  get brokers(): string {
    return IDS.map((id) => this.addressOf(id)).join(',');
  }

  addressOf(id: number): string {
    return `127.0.0.1:${this.ports.get(id)!.broker}`;
  }

  async up(): Promise<void> {
    this.java = await brokerJava();
    const ports = await freePorts(2 * IDS.length);
    IDS.forEach((id, place) =>
      this.ports.set(id, { broker: ports[2 * place]!, controller: ports[2 * place + 1]! }),
    );
    await Promise.all(IDS.map((id) => this.format(id)));
    await this.start(...IDS);
  }

  async down(): Promise<void> {
    await this.end('SIGKILL', [...this.processes.keys()]);
    rmSync(this.folder, { recursive: true });
  }

  /** Returns when all brokers that run know each other. */
  async start(...ids: number[]): Promise<void> {
    for (const id of ids) {
      const log = openSync(join(this.folder, `${id}.log`), 'a');
      const child = spawn('java', [...this.java, 'kafka.Kafka', 'server.properties'], {
        cwd: this.home(id),
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      keep(child);
      this.processes.set(id, child);
    }
    await eventually(async () => {
      const known = await this.knownBrokers().catch((error: Error) => error.message);
      return known === [...this.processes.keys()].sort().join() ? undefined : `the brokers are ${known}`;
    }, UP_MS);
  }

  /**
   * Work while brokers are away, ended by SIGKILL; they come back also when it fails. Since Kafka 4.1 a replica that
   * was in sync alone does not lead again by itself after that.
   */
  async without(ids: readonly number[], work: () => Promise<void>): Promise<void> {
    await this.end('SIGKILL', ids);
    try {
      await work();
    } finally {
      await this.start(...ids);
    }
  }

  /** SIGTERM. */
  stop(...ids: number[]): Promise<void> {
    return this.end('SIGTERM', ids);
  }

  private async end(signal: NodeJS.Signals, ids: readonly number[]): Promise<void> {
    const gone = ids.map(async (id) => {
      const child = this.processes.get(id)!;
      this.processes.delete(id);
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    });
    await Promise.all(gone);
  }

  private async knownBrokers(): Promise<string> {
    const [id] = this.processes.keys();
    const admin = new Kafka({
      brokers: [this.addressOf(id!)],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      const ids = brokers.map(({ nodeId }) => nodeId).sort();
      // Asked for a group, a broker makes the topic of the offsets, without which none is found. One that is not known
      // by then is to lead none of its partitions.
      if (ids.length === this.processes.size) {
        await admin.describeGroups(['any']);
      }
      return ids.join();
    } finally {
      await admin.disconnect();
    }
  }

  private async format(id: number): Promise<void> {
    mkdirSync(this.home(id));
    writeFileSync(join(this.home(id), 'server.properties'), this.properties(id));
    const format = ['format', '--cluster-id', Buffer.from('three-brokers-01').toString('base64url')];
    await runToEnd(
      'java',
      [...this.java, 'kafka.tools.StorageTool', ...format, '--config', 'server.properties'],
      { cwd: this.home(id) },
    );
  }

  private home(id: number): string {
    return join(this.folder, String(id));
  }

  private properties(id: number): string {
    const { broker, controller } = this.ports.get(id)!;
    const isController = this.controllers.includes(id);
    const address = (port: number) => `127.0.0.1:${port}`;
    const voters = this.controllers.map((one) => `${one}@${address(this.ports.get(one)!.controller)}`);
    return `
process.roles=${isController ? 'broker,controller' : 'broker'}
node.id=${id}
controller.quorum.voters=${voters.join()}
leader.imbalance.check.interval.seconds=${LOOK_SECONDS}
listeners=PLAINTEXT://${address(broker)}${isController ? `,CONTROLLER://${address(controller)}` : ''}
advertised.listeners=PLAINTEXT://${address(broker)}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=data

auto.create.topics.enable=false
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0

broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000

log.segment.bytes=67108864
log.cleaner.dedupe.buffer.size=16777216
`;
  }
}

/** Three brokers for the tests of the `describe` around the call. */
export function useKafkaCluster(controllers: readonly number[]): KafkaCluster {
  const cluster = new KafkaCluster(controllers);
  beforeAll(() => cluster.up(), UP_MS);
  afterAll(() => cluster.down());
  return cluster;
}
