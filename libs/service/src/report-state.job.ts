import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { deadLettersTotal, messagesTotal } from '@app/batches/batch-metrics';
import type { ConsumerProgress } from '@app/batches/consumer-progress';
import type { Warehouse, Client } from '@app/warehouse/warehouse';
import type { ServiceEnvironment } from './environment';
import { MessageRate } from './message-rate';
import type { NewestVersion } from './newest-version';
import { repeat } from './repeated.job';
import { writeState, type Parked } from './write-state';

/** Writes, every two seconds, how this process is, in the schema `pipeline`. */
@Injectable()
export class ReportStateJob {
  private readonly instance = randomUUID();
  private readonly rate = new MessageRate();
  /** Dead letters by reason that are in the database. */
  private reported = new Map<string, number>();

  constructor(
    private readonly service: string,
    private readonly environment: ServiceEnvironment,
    private readonly warehouse: Warehouse,
    private readonly progress: ConsumerProgress,
    private readonly newest: NewestVersion,
    private readonly parked: (client: Client) => Promise<Parked[]> = () => Promise.resolve([]),
  ) {
    repeat('state', () => this.step(), { everySeconds: 2 });
  }

  private async step(): Promise<boolean> {
    const messages = await totals(messagesTotal, 'outcome');
    const deadLetters = await totals(deadLettersTotal, 'reason');
    const total = [...messages.values()].reduce((sum, count) => sum + count, 0);
    const messagesPerSecond = this.rate.sample(total, performance.now());
    await this.warehouse.transaction(async (client) =>
      writeState(
        client,
        {
          service: this.service,
          instance: this.instance,
          sourceTopic: this.environment.SOURCE_TOPIC,
          consumerGroup: this.environment.KAFKA_GROUP_ID,
          deadLetterTopic: this.environment.DEAD_LETTER_TOPIC,
          messagesPerSecond,
          lastMessage: this.progress.lastMessage,
          parked: await this.parked(client),
          newest: this.newest.newest,
        },
        differences(deadLetters, this.reported),
      ),
    );
    this.reported = deadLetters;
    return false;
  }
}

async function totals(counter: Counter, label: string): Promise<Map<string, number>> {
  const { values } = await counter.get();
  return new Map(values.map(({ labels, value }) => [String(labels[label]), value]));
}

function differences(
  now: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    Array.from(now, ([name, count]): [string, number] => [name, count - (before.get(name) ?? 0)]).filter(
      ([, count]) => count > 0,
    ),
  );
}
