import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { consumerLag } from '@app/kafka/batch.metrics';
import type { ConsumerLag } from '@app/kafka/consumer.lag';
import { RepeatedJob } from './repeated.job';

/** Asks the brokers, every ten seconds, how much of its topic the service has not finished. */
@Injectable()
export class WatchLagJob implements OnModuleDestroy {
  private readonly job = new RepeatedJob('lag', () => this.step());

  constructor(
    private readonly topic: string,
    private readonly groupId: string,
    private readonly broker: ConsumerLag,
  ) {}

  @Interval(10_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  /** Nobody waits for the step in hand: it changes nothing, and brokers may be slow to answer. */
  onModuleDestroy(): void {
    void this.job.stop();
  }

  private async step(): Promise<boolean> {
    // While the brokers do not answer nobody knows the lag, and the last one known would mislead.
    const lags = await this.broker.byPartition(this.topic, this.groupId).catch((error: unknown) => {
      consumerLag.reset();
      throw error;
    });
    for (const [partition, lag] of lags) {
      consumerLag.set(
        { messaging_destination_name: this.topic, messaging_destination_partition_id: partition },
        lag,
      );
    }
    return false;
  }
}
