import type { Parked } from '@app/service/write-state';
import type { Client } from '@app/warehouse/warehouse';

/** The orders that wait for a dictionary entry, by its kind. */
export async function countParked(client: Client): Promise<Parked[]> {
  const { rows } = await client.query<Parked>({
    name: 'count_parked',
    text: /* sql */ `
      SELECT kind AS missing, count(*)::integer AS orders
      FROM stg.pending_orders JOIN unnest(ARRAY['user', 'restaurant', 'dish']) AS kind
        ON missing @> jsonb_build_array(jsonb_build_object('kind', kind))
      WHERE released_at IS NULL GROUP BY kind ORDER BY kind`,
  });
  return rows;
}
