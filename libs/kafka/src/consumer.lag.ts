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

  /** Messages of the topic that the group has not finished yet, by partition. */
  async byPartition(topic: string, groupId: string): Promise<Map<number, number>> {
    await this.connect();
    const [ends, [committed]] = await Promise.all([
      this.admin.fetchTopicOffsets(topic),
      this.admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const next = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return new Map(
      ends.map(({ partition, high, low }) => [
        partition,
        Number(high) - Math.max(next.get(partition) ?? -1, Number(low)),
      ]),
    );
  }

  /** Messages of the topic that the group has not finished yet. */
  async lag(topic: string, groupId: string): Promise<number> {
    const lags = await this.byPartition(topic, groupId);
    return sum([...lags.values()]);
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
