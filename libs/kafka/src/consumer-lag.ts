import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { serverOf } from '@app/servers/server-of';
import { defectIn } from './kafka-refusal';
import { clusterOf, type Cluster } from './kafkajs-cluster';
import { LEADER_NOT_AVAILABLE, partitionError } from './partition-error';

/** How old the knowledge of leaders and partitions may be: less than lies between two questions for the lag. */
const METADATA_MS = 5_000;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const EARLIEST = -2;
const LATEST = -1;

/** Where the group is in a partition. */
export interface PartitionLag {
  partition: number;
  /** The offset that the group reads next. */
  next: number;
  /** Messages that it has not finished. */
  lag: number;
  /** Those of them that nobody can read before a transaction ends: of the transaction, and behind its first message. */
  held: number;
}

/**
 * What the brokers say of a topic. Each partition is asked of its leader; one that cannot be asked is in neither the
 * way of another.
 */
interface Offsets {
  /** By partition. */
  known: Map<number, { low: number; high: number; readable: number }>;
  /** Why the others are not known, by partition. */
  unknown: Map<number, unknown>;
}

/** What the brokers know of topics and groups; it connects when first asked. */
@Injectable()
export class ConsumerLag implements OnApplicationShutdown {
  private readonly cluster: Cluster;

  constructor(kafka: Kafka) {
    this.cluster = clusterOf(kafka, METADATA_MS);
  }

  /**
   * How far the group is in each partition of the topic.
   * @returns also why nobody knows it of some, by partition
   * @throws when nobody knows it of any
   */
  async byPartition(
    topic: string,
    groupId: string,
  ): Promise<{ partitions: PartitionLag[]; unknown: Map<number, unknown> }> {
    const { known, unknown } = await this.offsets(topic);
    const committed = await this.committed(topic, groupId, [...known.keys()]);
    const partitions = Array.from(known, ([partition, { low, readable, ...ends }]) => {
      const next = Math.max(committed.get(partition) ?? -1, low);
      const high = Math.max(ends.high, next); // what is committed was asked for a moment later
      return { partition, next, lag: high - next, held: Math.max(0, high - Math.max(readable, next)) };
    });
    return { partitions, unknown };
  }

  /**
   * Messages of the topic that the group has not finished yet.
   * @throws when nobody knows it of some partition
   */
  async lag(topic: string, groupId: string): Promise<number> {
    const { partitions, unknown } = await this.byPartition(topic, groupId);
    throwAny(unknown);
    return sum(partitions.map(({ lag }) => lag));
  }

  /**
   * Messages that the topic holds.
   * @throws when nobody knows it of some partition
   */
  async size(topic: string): Promise<number> {
    const { known, unknown } = await this.offsets(topic);
    throwAny(unknown);
    return sum(Array.from(known.values(), ({ high, low }) => high - low));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async offsets(topic: string): Promise<Offsets> {
    if (!this.cluster.isConnected()) {
      await this.cluster.connect();
    }
    await this.cluster.addTargetTopic(topic);
    await this.cluster.refreshMetadataIfNecessary();
    const byLeader = new Map<number, number[]>();
    for (const { partitionId, leader } of this.cluster.findTopicPartitionMetadata(topic)) {
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), partitionId]);
    }
    const found: Offsets = { known: new Map(), unknown: new Map() };
    await Promise.all(
      Array.from(byLeader, ([leader, partitions]) => this.askLeader(leader, topic, partitions, found)),
    );
    if (found.known.size === 0) {
      throwAny(found.unknown);
    }
    return found;
  }

  private async askLeader(
    nodeId: number,
    topic: string,
    partitions: number[],
    { known, unknown }: Offsets,
  ): Promise<void> {
    if (nodeId < 0) {
      partitions.forEach((partition) =>
        unknown.set(partition, partitionError(topic, partition, LEADER_NOT_AVAILABLE)),
      );
      return;
    }
    try {
      const broker = await this.cluster.findBroker({ nodeId });
      const ask = async (timestamp: number, isolationLevel: number) => {
        const asked = partitions.map((partition) => ({ partition, timestamp }));
        const { responses } = await broker.listOffsets({
          isolationLevel,
          topics: [{ topic, partitions: asked }],
        });
        return new Map(responses[0]!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      };
      // One after the other: a message that comes in between can be read, and is not taken for one that is held back.
      const low = await ask(EARLIEST, READ_COMMITTED);
      const high = await ask(LATEST, READ_UNCOMMITTED);
      const readable = await ask(LATEST, READ_COMMITTED);
      for (const partition of partitions) {
        known.set(partition, {
          low: low.get(partition)!,
          high: high.get(partition)!,
          readable: readable.get(partition)!,
        });
      }
    } catch (error) {
      if (serverOf(error) !== 'kafka' || defectIn(error)) {
        throw error;
      }
      partitions.forEach((partition) => unknown.set(partition, error));
    }
  }

  /** By partition; -1 where nothing is committed. */
  private async committed(
    topic: string,
    groupId: string,
    partitions: number[],
  ): Promise<Map<number, number>> {
    const coordinator = await this.cluster.findGroupCoordinator({ groupId });
    const { responses } = await coordinator.offsetFetch({
      groupId,
      topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
    });
    return new Map(responses[0]!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  }
}

function throwAny(errors: ReadonlyMap<number, unknown>): void {
  for (const error of errors.values()) {
    throw error;
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
