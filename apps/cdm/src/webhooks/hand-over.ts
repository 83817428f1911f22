import type { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';

/**
 * Notes events that are published, for each webhook that wants them: in the transaction that marks them as published,
 * which one replica at a time does, so each is noted once and those of a user in their order.
 */
export async function handOver(client: Client, events: UserTagEvent[]): Promise<void> {
  const rows = events.map((event) => ({
    event_id: event.event_id,
    user_id: event.user_id,
    event_number: String(event.event_number),
    tag: event.tag,
    event: JSON.stringify(event),
  }));
  await handed.run(client, { text: statement }, rows);
}

const handed = columns({
  event_id: 'uuid',
  user_id: 'uuid',
  event_number: 'bigint',
  tag: 'text',
  event: 'jsonb',
});

/** The row of a webhook is locked, so that it is not deleted meanwhile. */
const statement = /* sql */ `
  WITH wanted AS MATERIALIZED (
    SELECT id, tags FROM cdm.webhooks WHERE enabled ORDER BY id FOR KEY SHARE
  )
  INSERT INTO cdm.webhook_deliveries (webhook_id, event_id, user_id, event_number, event)
  SELECT id, event_id, user_id, event_number, event
  FROM ${handed.unnest('given')} JOIN wanted ON tags IS NULL OR tag = ANY (tags)
  ORDER BY id, user_id, event_number
  ON CONFLICT (webhook_id, event_id) DO NOTHING`;
