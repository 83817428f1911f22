import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
import type { Client } from '@app/warehouse/warehouse';
import type { Received } from './read-order';

/** Records the messages that were no orders, by their place in the topic. */
export async function recordSkipped(client: Client, received: Received[]): Promise<void> {
  const rows = new Rows();
  for (const one of received) {
    if (one.kind === 'skipped') {
      const { topic, partition, offset } = one.record;
      rows.add(`${topic} ${partition} ${offset.padStart(19, '0')}`, topic, partition, offset, one.objectType);
    }
  }
  await bulkInsert(client, statement, rows);
}

const statement = {
  name: 'insert_skipped_messages',
  text: /* sql */ `
    INSERT INTO stg.skipped_messages (topic, partition, message_offset, object_type)
    SELECT topic, partition, message_offset, object_type
    FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::text[]) AS skipped (topic, partition, message_offset, object_type)
    ON CONFLICT DO NOTHING`,
};
