import type { Client } from '@app/warehouse/warehouse';

/**
 * Lets everybody see that the marts have changed, when the transaction commits. One batch of a partition is counted at
 * a time.
 */
export async function markCounted(client: Client, partition: number): Promise<void> {
  await client.query({
    name: 'mark_counted',
    text: /* sql */ `
      INSERT INTO cdm.counted_batches AS counted (partition, batch_cnt, counted_at) VALUES ($1, 1, clock_timestamp())
      ON CONFLICT (partition) DO UPDATE SET batch_cnt = counted.batch_cnt + 1, counted_at = EXCLUDED.counted_at`,
    values: [partition],
  });
}
