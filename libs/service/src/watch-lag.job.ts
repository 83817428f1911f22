import { Injectable } from '@nestjs/common';
import { consumerLag, consumerOffset } from '@app/batches/batch-metrics';
import type { ConsumerLag } from '@app/kafka/consumer-lag';
import type { ConsumerProgress } from '@app/batches/consumer-progress';
import { refusalIn } from '@app/kafka/kafka-refusal';
import { reasonOf } from '@app/servers/reason-of';
import { repeat } from './repeated.job';

/** Asks the brokers, every ten seconds, how much of its topic the service has not finished. */
@Injectable()
export class WatchLagJob {
  constructor(
    private readonly topic: string,
    private readonly groupId: string,
    private readonly broker: ConsumerLag,
    private readonly progress: ConsumerProgress,
  ) {
    // The step changes nothing, and brokers may be slow to answer.
    repeat('lag', () => this.step(), { everySeconds: 10, isAwaited: false });
  }

  private async step(): Promise<boolean> {
    const { partitions, unknown } = await this.broker
      .byPartition(this.topic, this.groupId)
      .catch((error: unknown) => {
        // Nobody knows the lag, and the last one known would mislead.
        consumerLag.reset();
        consumerOffset.reset();
        this.progress.at([]);
        throw error;
      });
    this.progress.at(
      partitions,
      new Map(Array.from(unknown, ([partition, error]) => [partition, this.reasonFor(partition, error)])),
    );
    // What was known of a partition of which nobody knows it now would mislead.
    consumerLag.reset();
    consumerOffset.reset();
    for (const { partition, next, lag } of partitions) {
      const labels = {
        messaging_destination_name: this.topic,
        messaging_destination_partition_id: partition,
      };
      consumerLag.set(labels, lag);
      consumerOffset.set(labels, next);
    }
    return false;
  }

  private reasonFor(partition: number, error: unknown): string {
    const place = `${this.topic}/${partition}`;
    const reason = reasonOf(error);
    return refusalIn(reason.startsWith(place) ? reason : `${place}: ${reason}`).message;
  }
}
