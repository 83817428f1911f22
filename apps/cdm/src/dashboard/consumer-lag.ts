import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Admin } from 'kafkajs';
import { kafkaClient } from '@app/kafka/kafka.client';
import { CdmEnvironment } from '../cdm.environment';

/** What the brokers know of topics and groups; it connects when first asked. */
@Injectable()
export class ConsumerLag implements OnApplicationShutdown {
  private readonly admin: Admin;
  private connecting?: Promise<void>;

  constructor(environment: CdmEnvironment) {
    this.admin = kafkaClient('order-vault-cdm-pipeline', environment).admin();
  }

  /** Messages of the topic that the group has not finished yet. */
  async lag(topic: string, groupId: string): Promise<number> {
    await this.connect();
    const [ends, [committed]] = await Promise.all([
      this.admin.fetchTopicOffsets(topic),
      this.admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const next = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return sum(
      ends.map(({ partition, high, low }) => Number(high) - Math.max(next.get(partition) ?? -1, Number(low))),
    );
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
