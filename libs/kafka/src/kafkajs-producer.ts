import { Partitioners, type Kafka } from 'kafkajs';
import errors from 'kafkajs/src/protocol/error.js';
import response from 'kafkajs/src/protocol/requests/produce/v3/response.js';
import { ask } from './kafkajs-request';
import { clusterOf, type Broker, type Cluster } from './kafkajs-cluster';
import { ACKNOWLEDGE_MS } from './kafkajs-socket';
import type { OutgoingMessage } from './outgoing-message';
import { LEADER_NOT_AVAILABLE, partitionError } from './partition-error';
import { partitionOfHash, partitionOfKey } from './partition-of-key';
import { recordBatch, spareBuffers } from './record-batch';

/*
 * The producer of kafkajs answers for all partitions of a request together: where one fails, all count as failed and
 * are sent again. Where a partition has moved meanwhile to a broker that has answered for others, its messages are not
 * sent again at all, and the send succeeds. It cannot write a header without a value, and writes an object. So this one
 * sends its own requests, over the connections of kafkajs.
 */

/** How old the knowledge of leaders and partitions may be. */
const METADATA_MS = 300_000;
const PRODUCE = 0;
const PRODUCE_VERSION = 3;

export class PartitionProducer {
  private readonly cluster: Cluster;
  /** For messages without a key. */
  private readonly choosePartition = Partitioners.DefaultPartitioner();

  /** @param byHash whether the hash of a message says its partition, if it has one */
  constructor(
    kafka: Kafka,
    private readonly byHash: boolean,
  ) {
    this.cluster = clusterOf(kafka, METADATA_MS);
  }

  async disconnect(): Promise<void> {
    await this.cluster.disconnect();
  }

  /** Connects, and learns the partitions of a topic and their leaders, where that is needed. */
  async prepare(topic: string): Promise<void> {
    if (!this.cluster.isConnected()) {
      await this.cluster.connect();
    }
    await this.cluster.addTargetTopic(topic);
    try {
      await this.cluster.refreshMetadataIfNecessary();
    } catch (error) {
      // What is known of the topic may still be good: a leader that is not the leader any more says so.
      if (this.cluster.findTopicPartitionMetadata(topic).length === 0) {
        throw error;
      }
    }
  }

  /** Forgets what it knows of leaders: some partition is not where it was. */
  async refresh(): Promise<void> {
    if (!this.cluster.isConnected()) {
      await this.cluster.connect();
    }
    await this.cluster.refreshMetadata();
  }

  /**
   * The partition of a message as all clients of Kafka choose it, by its key, and in turn without one; or by its hash.
   */
  partitionOf(topic: string, { key, hash }: OutgoingMessage): number {
    const partitionMetadata = this.cluster.findTopicPartitionMetadata(topic);
    if (partitionMetadata.length === 0) {
      throw errors.createErrorFromCode(UNKNOWN_TOPIC_OR_PARTITION);
    }
    if (this.byHash && hash) {
      return partitionOfHash(hash(), partitionMetadata.length);
    }
    return key === null
      ? this.choosePartition({ topic, partitionMetadata, message: { key, value: null } })
      : partitionOfKey(key, partitionMetadata.length);
  }

  /**
   * Sends one batch to each of the partitions, in one request for each of their leaders.
   * @returns the partitions that did not take theirs, with the reason. All in-sync replicas of the others have it.
   */
  async send(
    topic: string,
    batches: ReadonlyMap<number, readonly OutgoingMessage[]>,
    compressed: boolean,
  ): Promise<Map<number, unknown>> {
    const leaders = new Map(
      this.cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    const byLeader = new Map<number, number[]>();
    for (const partition of batches.keys()) {
      const leader = leaders.get(partition) ?? -1;
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
    }
    const failures = await Promise.all(
      Array.from(byLeader, ([leader, partitions]) =>
        this.sendTo(leader, topic, partitions, batches, compressed),
      ),
    );
    return new Map(failures.flat());
  }

  private async sendTo(
    leader: number,
    topic: string,
    partitions: number[],
    batches: ReadonlyMap<number, readonly OutgoingMessage[]>,
    compressed: boolean,
  ): Promise<[partition: number, reason: unknown][]> {
    try {
      if (leader < 0) {
        return partitions.map((partition) => [
          partition,
          partitionError(topic, partition, LEADER_NOT_AVAILABLE),
        ]);
      }
      // oxlint-disable-next-line no-restricted-properties -- the time of a message is that of the wall
      const now = Date.now();
      const encoded = await Promise.all(
        partitions.map(async (partition) => ({
          partition,
          batch: await recordBatch(batches.get(partition)!, { compressed, now }),
        })),
      );
      const broker = await this.cluster.findBroker({ nodeId: leader });
      const codes = await produce(broker, requestOf(topic, encoded));
      encoded.forEach(({ batch }) => spareBuffers.give(batch));
      return partitions
        .map((partition): [number, number] => [partition, codes.get(partition) ?? UNKNOWN_SERVER_ERROR])
        .filter(([, code]) => code !== 0)
        .map(([partition, code]) => [partition, partitionError(topic, partition, code)]);
    } catch (error) {
      const { name, host, port } = error as { name?: string; host?: string; port?: number };
      if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined) {
        this.cluster.removeBroker({ host, port });
      }
      return partitions.map((partition) => [partition, error]);
    }
  }
}

const UNKNOWN_SERVER_ERROR = -1;
const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** The codes of the broker by partition; 0: acknowledged by all in-sync replicas. */
async function produce(broker: Broker, body: Buffer[]): Promise<Map<number, number>> {
  try {
    const answer = await ask(
      broker,
      { apiKey: PRODUCE, apiVersion: PRODUCE_VERSION, apiName: 'Produce' },
      body,
    );
    const { topics } = await response.decode(answer);
    return new Map(
      topics.flatMap(({ partitions }) =>
        partitions.map(({ partition, errorCode }): [number, number] => [partition, errorCode]),
      ),
    );
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') {
      await broker.disconnect();
    }
    throw error;
  }
}

/** Produce request, version 3, of one topic: https://kafka.apache.org/protocol#The_Messages_Produce */
function requestOf(topic: string, batches: { partition: number; batch: Buffer }[]): Buffer[] {
  const name = Buffer.from(topic);
  const head = Buffer.alloc(18 + name.length);
  head.writeInt16BE(-1, 0); // no transaction
  head.writeInt16BE(-1, 2); // acknowledged by all in-sync replicas
  head.writeInt32BE(ACKNOWLEDGE_MS, 4);
  head.writeInt32BE(1, 8);
  head.writeInt16BE(name.length, 12);
  name.copy(head, 14);
  head.writeInt32BE(batches.length, 14 + name.length);
  const parts = batches.flatMap(({ partition, batch }) => {
    const place = Buffer.alloc(8);
    place.writeInt32BE(partition, 0);
    place.writeInt32BE(batch.length, 4);
    return [place, batch];
  });
  return [head, ...parts];
}
