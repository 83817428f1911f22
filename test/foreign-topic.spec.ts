import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { existingTopics } from '@app/kafka/existing-topics';
import { keep as keepProcess } from '../dev/services/process-keeper';
import { brokerJava } from './harness/broker-java';
import { freePorts } from './harness/free-ports';
import { runToEnd } from '../dev/stack/run-to-end';
import { up, type StackEnvironment } from '../dev/stack/stack';
import { keep, type Release } from '../dev/stack/stack-keeper';
import { readStack } from '../dev/stack/stack-state';
import { serviceLogins } from '../dev/services/service-logins';
import { migrate } from '../ops/migrate/migrate';
import { runTool } from './harness/run-tool';
import { ServiceProcess } from './harness/service-process';
import { runAlone } from './kafkajs/run-alone';

/* A cluster that others use too: a topic that is not ours has its one replica on a broker that is away. */
const name = `strangers-${process.pid}-${Date.now()}`;
let release: Release;
let stack: StackEnvironment;
let admin: Admin;

beforeAll(async () => {
  release = keep(name);
  stack = await up(name);
  admin = await connected();
  const broker = await secondBroker();
  await until(async () => (await admin.describeCluster()).brokers.length === 2);
  await until(async () => {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic: 'strangers', replicaAssignment: [{ partition: 0, replicas: [2] }] }],
    });
    return true;
  });
  const gone = once(broker, 'exit');
  broker.kill('SIGKILL');
  await gone;
  await admin.disconnect();
  // Right after the kill another error may come: that of a broker of which metadata does not know yet that it is gone.
  await until(async () =>
    (await runAlone('list-topics', stack.KAFKA_BROKERS)).includes('There is no leader'),
  );
  admin = await connected();
}, 300_000);
afterAll(async () => {
  await admin.disconnect();
  await release();
});

it('plain kafkajs can list no topics, so libs/kafka/src/existing-topics.ts asks for each', async () => {
  expect(await runAlone('list-topics', stack.KAFKA_BROKERS)).toContain(
    'There is no leader for this topic-partition',
  );
  expect([...(await existingTopics(admin, ['nowhere']))]).toEqual([]);
});

it('our topics are made and found nevertheless', async () => {
  const make = () => runTool('topics', ['--partitions', '1', '--replication-factor', '1'], stack);
  expect((await make()).stdout).toContain('order-service_orders: created');
  expect((await make()).stdout).toContain('order-service_orders: exists');
  expect([...(await existingTopics(admin, ['stg-service-dlq', 'nowhere']))]).toEqual(['stg-service-dlq']);
});

it('a service reads and writes them', async () => {
  await migrate(stack.DATABASE_URL);
  const log = join(readStack(name)!.folder, 'stg.log');
  const { stg } = await serviceLogins(stack.DATABASE_URL);
  const service = new ServiceProcess('stg', { ...stack, DATABASE_URL: stg }, log);
  await service.start();
  const producer = new Kafka({ brokers: [stack.KAFKA_BROKERS], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: 'order-service_orders', messages: [{ value: 'broken' }] });
  await producer.disconnect();
  await until(async () => (await admin.fetchTopicOffsets('stg-service-dlq'))[0]!.high === '1');
  expect(await service.stop()).toBe(0);
});

async function connected(): Promise<Admin> {
  const kafka = new Kafka({
    brokers: [stack.KAFKA_BROKERS],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 3 },
  });
  const client = kafka.admin();
  await client.connect();
  return client;
}

/** One that is no controller, in the cluster of the stack. */
async function secondBroker() {
  const { folder, ports } = readStack(name)!;
  const own = join(folder, 'second');
  mkdirSync(own);
  const [port] = await freePorts(1);
  const settings = readFileSync(join(folder, 'kafka', 'server.properties'), 'utf8')
    .replace('process.roles=broker,controller', 'process.roles=broker')
    .replace('node.id=1', 'node.id=2')
    .replaceAll(String(ports.kafka), String(port))
    .replace(/,CONTROLLER:\/\/127\.0\.0\.1:\d+/, '');
  writeFileSync(join(own, 'server.properties'), settings);
  const meta = readFileSync(join(folder, 'kafka', 'data', 'meta.properties'), 'utf8');
  const [, cluster] = /cluster\.id=(\S+)/.exec(meta)!;
  const java = await brokerJava();
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', cluster!, '--config'];
  await runToEnd('java', [...java, ...format, 'server.properties'], { cwd: own });
  const broker = spawn('java', [...java, 'kafka.Kafka', 'server.properties'], { cwd: own, stdio: 'ignore' });
  keepProcess(broker);
  return broker;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; !(await condition().catch(() => false)); await pause(200)) {
    if (Date.now() > deadline) {
      throw new Error(`not so in time: ${String(condition)}`);
    }
  }
}
