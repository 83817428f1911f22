import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { Received } from '../order/read-order';

/** Records the messages that were no orders, by their place in the topic. */
export async function recordSkipped(client: Client, received: Received[]): Promise<void> {
  const rows = received
    .filter((one) => one.kind === 'skipped')
    .map(({ record: { topic, partition, offset }, objectType }) => ({
      topic,
      partition,
      message_offset: offset,
      object_type: objectType,
    }));
  await skipped.run(client, statement, rows);
}

const skipped = columns(
  { topic: 'text', partition: 'integer', message_offset: 'bigint', object_type: 'text?' },
  'topic',
  'partition',
  'message_offset',
);

const statement = {
  name: 'insert_skipped_messages',
  text: /* sql */ `
    INSERT INTO stg.skipped_messages (${skipped.names})
    SELECT ${skipped.names} FROM ${skipped.unnest('skipped')}
    ON CONFLICT DO NOTHING`,
};
