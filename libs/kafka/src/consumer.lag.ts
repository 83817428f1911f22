import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Admin, Kafka } from 'kafkajs';

/** What the brokers know of topics and groups; it connects when first asked. */
@Injectable()
export class ConsumerLag implements OnApplicationShutdown {
  private readonly admin: Admin;
  private connecting?: Promise<void>;

  constructor(kafka: Kafka) {
    this.admin = kafka.admin();
  }

  /** How far the group is in each partition of the topic: the next offset, and how many messages it has not finished yet. */
  async byPartition(
    topic: string,
    groupId: string,
  ): Promise<{ partition: number; next: number; lag: number }[]> {
    await this.connect();
    const [ends, [committed]] = await Promise.all([
      this.admin.fetchTopicOffsets(topic),
      this.admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const told = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.map(({ partition, high, low }) => {
      const next = Math.max(told.get(partition) ?? -1, Number(low));
      return { partition, next, lag: Number(high) - next };
    });
  }

  /** Messages of the topic that the group has not finished yet. */
  async lag(topic: string, groupId: string): Promise<number> {
    return sum((await this.byPartition(topic, groupId)).map(({ lag }) => lag));
  }

  /** Messages that the topic holds. */
  async size(topic: string): Promise<number> {
    await this.connect();
    const ends = await this.admin.fetchTopicOffsets(topic);
    return sum(ends.map(({ high, low }) => Number(high) - Number(low)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.admin.disconnect();
  }

  private async connect(): Promise<void> {
    this.connecting ??= this.admin.connect().catch((error: unknown) => {
      this.connecting = undefined;
      throw error;
    });
    await this.connecting;
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
