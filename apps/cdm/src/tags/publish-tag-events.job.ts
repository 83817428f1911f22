import { Injectable, Logger } from '@nestjs/common';
import type { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { reportDeadLetter } from '@app/batches/dead-letter';
import { MessagePublisher } from '@app/kafka/message-publisher';
import type { KafkaRecord } from '@app/batches/outcome';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { publishOutputs } from '@app/batches/publish-outputs';
import { failpoint } from '@app/failpoints/failpoint';
import { repeat } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { handOver } from '../webhooks/hand-over';

const LOCK = 'cdm.publish_tag_events';
const STEP_EVENTS = 1_000;

/**
 * Publishes the events of tags, those of a user in the order of their numbers, and marks them when the broker has
 * acknowledged them. One replica at a time does a step. After a crash between the two they are published again.
 * Webhooks get what is published.
 */
@Injectable()
export class PublishTagEventsJob {
  private readonly logger = new Logger('tag events');

  constructor(
    private readonly warehouse: Warehouse,
    private readonly publisher: MessagePublisher,
    private readonly environment: CdmEnvironment,
  ) {
    repeat('tag events', () => this.publish());
  }

  /** What the broker has acknowledged is marked, also where the rest has to be sent again. */
  private async publish(): Promise<boolean> {
    if (!(await this.warehouse.poll(hasUnpublished))) {
      return false;
    }
    let failure: unknown;
    const isMore = await this.warehouse.alone(LOCK, async (client) => {
      const events = await unpublishedEvents(client);
      const byOutput = new Map<OutgoingMessage, UserTagEvent>();
      const records = new Map<OutgoingMessage, KafkaRecord>();
      for (const event of events) {
        const output = { key: event.user_id, value: JSON.stringify(event) };
        byOutput.set(output, event);
        records.set(output, unsent(this.environment.OUTPUT_TOPIC, event, output));
      }
      const sent = await publishOutputs(this.publisher, this.environment, 'cdm', records);
      if (sent.done.length > 0) {
        FAILPOINTS && failpoint('tag_events_after_publish');
        const published = sent.done.map((output) => byOutput.get(output)!);
        await markPublished(client, published);
        await handOver(client, published);
      }
      sent.refused.forEach(({ record, reason }) => reportDeadLetter(this.logger, record, reason));
      failure = sent.failure;
      return events.length === STEP_EVENTS;
    });
    if (failure !== undefined) {
      throw failure;
    }
    return isMore;
  }
}

/**
 * An event that its own topic refuses: a record that is in no partition yet, so that its dead letter can be replayed to
 * there.
 */
function unsent(
  topic: string,
  { at }: UserTagEvent,
  { key, value }: { key: string; value: string },
): KafkaRecord {
  return {
    topic,
    partition: -1,
    offset: '-1',
    timestamp: String(Date.parse(at)),
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers: [],
  };
}

/** The users say on which nodes of a distributed PostgreSQL the events are. */
async function markPublished(client: Client, events: UserTagEvent[]): Promise<void> {
  await client.query(
    /* sql */ `
    UPDATE cdm.user_tag_events SET published_at = now()
    WHERE event_id = ANY ($1::uuid[]) AND user_id = ANY ($2::uuid[])`,
    [events.map(({ event_id }) => event_id), [...new Set(events.map(({ user_id }) => user_id))]],
  );
}

async function hasUnpublished(client: Client): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'has_unpublished',
    text: 'SELECT FROM cdm.user_tag_events WHERE published_at IS NULL LIMIT 1',
  });
  return rowCount! > 0;
}

/** An event is written while its user is locked, so where one is seen here, those before it are too. */
async function unpublishedEvents(client: Client): Promise<UserTagEvent[]> {
  const { rows } = await client.query<Omit<UserTagEvent, 'at'> & { at: Date }>(/* sql */ `
    SELECT event_id, event_number::integer, event, user_id, source_user_id, tag, order_cnt, at
    FROM cdm.user_tag_events WHERE published_at IS NULL ORDER BY user_id, event_number LIMIT ${STEP_EVENTS}`);
  return rows.map(({ at, ...event }) => ({ ...event, at: at.toISOString() }));
}
