import type { Parked } from '@app/service/write-state';
import type { Client } from '@app/warehouse/warehouse';
import { parkedOldestSeconds, parkedOrders } from './parked-metrics';

const kinds = ['user', 'restaurant', 'dish'];

/** The orders that wait for a dictionary entry, by its kind; the metrics count them too. */
export async function countParked(client: Client): Promise<Parked[]> {
  const { rows } = await client.query<Parked & { oldest_seconds: number }>({
    name: 'count_parked',
    text: /* sql */ `
      SELECT kind AS missing, count(*)::integer AS orders, greatest(extract(epoch FROM now() - min(waiting_since)), 0)::float8 AS oldest_seconds
      FROM stg.pending_orders JOIN unnest($1::text[]) AS kind
        ON missing @> jsonb_build_array(jsonb_build_object('kind', kind))
      WHERE released_at IS NULL GROUP BY kind ORDER BY kind`,
    values: [kinds],
  });
  for (const missing of kinds) {
    const row = rows.find((one) => one.missing === missing);
    parkedOrders.set({ missing }, row?.orders ?? 0);
    parkedOldestSeconds.set({ missing }, row?.oldest_seconds ?? 0);
  }
  return rows.map(({ missing, orders }) => ({ missing, orders }));
}
