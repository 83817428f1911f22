import type { Check } from './check';

/**
 * Staging against itself: each version once, the newest in `order_events`, the dictionary entries of all versions
 * there.
 */
export function stagingChecks(): Check[] {
  return [
    {
      table: 'stg.superseded_order_events',
      against: 'the newest versions in stg.order_events',
      query: () => /* sql */ `
        SELECT json_build_object('object_id', object_id::text) AS key,
          json_build_object('newest_version', superseded.order_version) AS expected,
          CASE WHEN newest.object_id IS NOT NULL THEN json_build_object('newest_version', newest.order_version) END AS found,
          false AS waits
        FROM (SELECT object_id, max(order_version) AS order_version FROM stg.superseded_order_events GROUP BY object_id) AS superseded
        LEFT JOIN stg.order_events newest USING (object_id)
        WHERE (newest.order_version > superseded.order_version) IS NOT TRUE`,
    },
    ...['order_events', 'superseded_order_events'].map((table) => ({
      table: 'stg.dictionary_entries',
      against: `stg.${table}`,
      query: () => /* sql */ `
        SELECT json_build_object('entry_pk', entry_pk::text) AS key, json_build_object('versions', versions::text) AS expected,
          NULL::json AS found, false AS waits
        FROM (
          SELECT entry_pk, count(*) AS versions
          FROM stg.${table} CROSS JOIN unnest(ARRAY[user_entry_pk, restaurant_entry_pk]) AS used (entry_pk)
          WHERE entry_pk IS NOT NULL GROUP BY entry_pk
        ) AS used LEFT JOIN stg.dictionary_entries entry USING (entry_pk)
        WHERE entry.entry_kind IS NULL`,
    })),
  ];
}
