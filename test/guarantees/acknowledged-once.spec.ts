import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { Delivery } from '@app/kafka/delivery';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { ScratchTopics } from '../harness/scratch-topics';

/*
 * What is acknowledged is not sent again. The broker is real; of its answers to Produce requests some are changed on
 * their way, so that partition 1 seems to have too few replicas.
 */
const NOT_ENOUGH_REPLICAS = 19;
const PARTITIONS = 6;
const FAULTS = 3;
const MESSAGES = 300;
const TOPIC = 'cdm-service-user-tags';

const topics = new ScratchTopics(inject('stack').KAFKA_BROKERS, `once${Date.now().toString(36)}`, PARTITIONS);
const name = topics.name(TOPIC);

/** A client that is answered so many times that partition 1 did not take what was sent. */
function faultyClient(): Kafka {
  let faults = FAULTS;
  return new Kafka({
    clientId: 'test',
    brokers: inject('stack').KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 8 },
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect(port, host, onConnect);
      const emit = socket.emit.bind(socket);
      socket.emit = (event: string, ...given: unknown[]) => {
        if (event === 'data' && faults > 0 && refusePartition(given[0] as Buffer)) {
          faults -= 1;
        }
        return emit(event, ...given);
      };
      return socket;
    },
  });
}

/**
 * Where it is an answer to a Produce request: length, correlation, one topic, its name, its partitions. @returns
 * whether it was
 */
function refusePartition(answer: Buffer): boolean {
  const behindName = 14 + Buffer.byteLength(name);
  if (answer.subarray(14, behindName).toString() !== name) {
    return false;
  }
  const count = answer.readInt32BE(behindName);
  const size = (answer.length - behindName - 8) / count; // the throttle time is the end
  for (let place = behindName + 4; place < behindName + 4 + count * size; place += size) {
    if (answer.readInt32BE(place) === 1) {
      answer.writeInt16BE(NOT_ENOUGH_REPLICAS, place + 4);
      return true;
    }
  }
  return false;
}

/** How often each message is in the topic, by partition: the least and the most. */
async function copies(run: string): Promise<Map<number, [least: number, most: number]>> {
  const stored = (await topics.read(TOPIC)).filter(({ value }) => String(value).startsWith(run));
  const counts = new Map<number, Map<string, number>>();
  for (const { partition, value } of stored) {
    const ofPartition = counts.get(partition) ?? new Map<string, number>();
    counts.set(partition, ofPartition.set(String(value), (ofPartition.get(String(value)) ?? 0) + 1));
  }
  return new Map(
    Array.from(counts, ([partition, ofPartition]) => [
      partition,
      [Math.min(...ofPartition.values()), Math.max(...ofPartition.values())],
    ]),
  );
}

const messagesOf = (run: string) =>
  Array.from({ length: MESSAGES }, (_, place) => ({ key: `k${place}`, value: `${run} ${place}` }));

describe('of a request of which one partition fails', () => {
  beforeAll(() => topics.create());
  afterAll(() => topics.delete([]));

  it('only that partition is sent again', async () => {
    const publisher = new MessagePublisher(faultyClient());
    const delivery = new Delivery(name, messagesOf('ours'));
    await publisher.publish(delivery);
    await publisher.onApplicationShutdown();
    expect([delivery.left.length, delivery.acknowledged.length]).toEqual([0, MESSAGES]);
    const found = await copies('ours');
    expect(found.get(1)).toEqual([FAULTS + 1, FAULTS + 1]);
    found.delete(1);
    expect([...found.values()]).toEqual(Array.from({ length: PARTITIONS - 1 }, () => [1, 1]));
  });

  it('plain kafkajs sends all again', async () => {
    const producer = faultyClient().producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: name, messages: messagesOf('theirs') });
    await producer.disconnect();
    const found = await copies('theirs');
    expect([...found.values()]).toEqual(Array.from({ length: PARTITIONS }, () => [FAULTS + 1, FAULTS + 1]));
  });
});

describe('of a partition that moves to a broker which has answered for others', () => {
  it('plain kafkajs sends nothing again, and says that all is sent', () => {
    const sent = execFileSync(
      process.execPath,
      [
        '-e',
        `const create = require('kafkajs/src/producer/sendMessages');
        const { createErrorFromCode } = require('kafkajs/src/protocol/error');
        let hasMoved = false;
        const sent = [];
        const broker = (nodeId) => ({ nodeId, produce: async ({ topicData }) => {
          const partitions = topicData[0].partitions.map(({ partition }) => partition);
          if (nodeId === 2) throw createErrorFromCode(6); // not the leader
          sent.push(...partitions);
          return { topics: [{ topicName: 't', partitions: partitions.map((partition) => ({ partition, errorCode: 0 })) }] };
        } });
        const brokers = { 1: broker(1), 2: broker(2) };
        const cluster = {
          isConnected: () => true, addMultipleTargetTopics: async () => {}, refreshMetadataIfNecessary: async () => {},
          refreshMetadata: async () => { hasMoved = true; },
          findTopicPartitionMetadata: () => [0, 1].map((partitionId) => ({ partitionId, leader: 1 })),
          findLeaderForPartitions: () => hasMoved ? { 1: [0, 1] } : { 1: [0], 2: [1] },
          findBroker: async ({ nodeId }) => brokers[nodeId],
        };
        const eosManager = { acquireBrokerLock() {}, releaseBrokerLock() {}, isTransactional: () => false, getSequence: () => 0,
          updateSequence() {}, getProducerId() {}, getProducerEpoch() {}, getTransactionalId() {} };
        const send = create({ logger: { error() {}, debug() {} }, cluster, eosManager,
          retrier: require('kafkajs/src/retry')({ initialRetryTime: 1, retries: 5 }),
          partitioner: ({ message }) => Number(message.key) });
        send({ acks: -1, topicMessages: [{ topic: 't', messages: [{ key: '0', value: 'a' }, { key: '1', value: 'b' }] }] })
          .then(() => console.log(JSON.stringify(sent)));`,
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(sent)).toEqual([0]);
  });
});
