import type { Kafka } from 'kafkajs';
import { existingTopics } from './existing-topics';
import { clusterOf, type Cluster } from './kafkajs-cluster';
import { LEADER_NOT_AVAILABLE, partitionError } from './partition-error';
import type { FetchedRecord } from './read-records';
import { tryAgain } from './try-again';
import { withAdmin } from './with-admin';

/** How old the knowledge of leaders may be, in milliseconds. */
const METADATA_MS = 300_000;
/** A broker answers at once: only what is there already is asked for. */
const WAIT_MS = 500;
const NO_REPLICA = -1;
const READ_COMMITTED = 1;

/** Offsets that a partition holds. */
export interface PartitionRange {
  topic: string;
  partition: number;
  low: bigint;
  /** The first that is not there yet. */
  high: bigint;
}

/**
 * Reads records where one wants to, as no consumer of kafkajs does: without a group, so that nothing is committed, no
 * group waits for its members, and a right to read the topic is enough. It connects when first used.
 */
export class RecordReader {
  private readonly cluster: Cluster;

  constructor(private readonly kafka: Kafka) {
    this.cluster = clusterOf(kafka, METADATA_MS);
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  /**
   * What the topics hold now.
   * @throws naming a topic that is missing
   */
  async ranges(topics: readonly string[]): Promise<PartitionRange[]> {
    return withAdmin(this.kafka, async (admin) => {
      const existing = await existingTopics(admin, topics);
      const ranges: PartitionRange[] = [];
      for (const topic of topics) {
        if (!existing.has(topic)) {
          throw new Error(`The topic ${topic} isn't there.`);
        }
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          ranges.push({ topic, partition, low: BigInt(low), high: BigInt(high) });
        }
      }
      return ranges;
    });
  }

  /**
   * Records of a partition from an offset on, in their order.
   * @param mostBytes about so many; one record is read, however large
   * @returns also the offset to go on with; it stays the same where nothing more can be read
   */
  async read(
    topic: string,
    partition: number,
    from: bigint,
    mostBytes: number,
  ): Promise<{ records: FetchedRecord[]; next: bigint }> {
    const fetched = await tryAgain(
      () => this.fetch(topic, partition, from, mostBytes),
      (failure) => (failure as { retriable?: boolean }).retriable === true,
      () => this.cluster.refreshMetadata(),
    );
    const last = fetched.at(-1);
    return {
      records: fetched.filter(({ offset, isControlRecord }) => BigInt(offset) >= from && !isControlRecord),
      next: last ? BigInt(last.offset) + 1n : from,
    };
  }

  private async fetch(
    topic: string,
    partition: number,
    from: bigint,
    maxBytes: number,
  ): Promise<FetchedRecord[]> {
    if (!this.cluster.isConnected()) {
      await this.cluster.connect();
    }
    await this.cluster.addTargetTopic(topic);
    await this.cluster.refreshMetadataIfNecessary();
    const known = this.cluster.findTopicPartitionMetadata(topic);
    const leader = known.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
    if (leader < 0) {
      throw partitionError(topic, partition, LEADER_NOT_AVAILABLE);
    }
    const broker = await this.cluster.findBroker({ nodeId: leader });
    const { responses } = await broker.fetch({
      replicaId: NO_REPLICA,
      isolationLevel: READ_COMMITTED,
      maxWaitTime: WAIT_MS,
      maxBytes,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
    });
    return responses[0]?.partitions[0]?.messages ?? [];
  }
}
