import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { MessagePublisher } from '@app/kafka/message.publisher';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../cdm.environment';

const LOCK = 'cdm.publish_tag_events';
const STEP_EVENTS = 1_000;

/**
 * Publishes the events of tags, those of a user in the order of their numbers, and marks them when the broker has acknowledged them. One
 * replica at a time does a step. After a crash between the two they are published again.
 */
@Injectable()
export class PublishTagEventsJob implements OnModuleDestroy {
  private readonly job = new RepeatedJob('tag events', () =>
    this.warehouse.alone(LOCK, (client) => this.publish(client)),
  );

  constructor(
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: CdmEnvironment,
  ) {}

  @Interval(1_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  private async publish(client: Client): Promise<boolean> {
    const events = await unpublishedEvents(client);
    if (events.length === 0) {
      return false;
    }
    await this.publisher.publish(
      this.environment.OUTPUT_TOPIC,
      events.map((event) => ({ key: event.user_id, value: JSON.stringify(event) })),
    );
    await client.query(
      'UPDATE cdm.user_tag_events SET published_at = now() WHERE event_id = ANY ($1::uuid[])',
      [events.map(({ event_id }) => event_id)],
    );
    return events.length === STEP_EVENTS;
  }
}

/** Whoever writes an event holds its user, so where one is seen here, those before it are too. */
async function unpublishedEvents(client: Client): Promise<UserTagEvent[]> {
  const { rows } = await client.query<Omit<UserTagEvent, 'at'> & { at: Date }>(/* sql */ `
    SELECT event_id, event_number::integer, event, user_id, source_user_id, tag, order_cnt, at
    FROM cdm.user_tag_events WHERE published_at IS NULL ORDER BY user_id, event_number LIMIT ${STEP_EVENTS}`);
  return rows.map(({ at, ...event }) => ({ ...event, at: at.toISOString() }));
}
