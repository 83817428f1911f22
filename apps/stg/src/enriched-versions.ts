import type { Client } from '@app/warehouse/warehouse';
import { versionKey } from './stage-orders';
import type { ReceivedOrder } from './read-order';

/** Which of the versions were stored and enriched before, by their {@link versionKey}. */
export async function enrichedVersions(client: Client, versions: ReceivedOrder[]): Promise<Set<string>> {
  const { rows } = await client.query<{ object_id: string; order_version: string }>(
    /* sql */ `
    SELECT object_id, order_version
    FROM unnest($1::bigint[], $2::text[]) AS asked (object_id, order_version)
    WHERE EXISTS (SELECT FROM stg.order_events stored
                  WHERE stored.object_id = asked.object_id AND stored.order_version = asked.order_version
                    AND stored.user_entry_pk IS NOT NULL)
       OR EXISTS (SELECT FROM stg.superseded_order_events stored
                  WHERE stored.object_id = asked.object_id AND stored.order_version = asked.order_version
                    AND stored.user_entry_pk IS NOT NULL)`,
    [versions.map(({ objectId }) => objectId), versions.map(({ version }) => version)],
  );
  return new Set(rows.map((row) => versionKey({ objectId: row.object_id, version: row.order_version })));
}
