import type { Client } from '@app/warehouse/warehouse';

/** A dictionary entry that a version was enriched with. */
export interface UsedEntry {
  kind: 'user' | 'restaurant';
  id: string;
  validFrom: string;
}

/** What a version waits for, and where its message lies. */
export interface Waiting {
  since: string;
  attempts: number;
  nextAttemptAt: string;
  missing: { kind: string; id: string; restaurant_id?: string }[];
  /** `topic:partition:offset` */
  message: string;
}

/** A version of an order, as staging has it. */
export interface StagedVersion {
  version: string;
  sentAt: string;
  stagedAt: Date;
  isNewest: boolean;
  /** As received. Names no person, but ids of one. */
  payload: string;
  entries: UsedEntry[];
  /** Of products that an earlier menu had: since when that menu was valid. */
  earlierMenus: Record<string, string>;
  waiting: Waiting | null;
}

/** @returns all versions of an order, the oldest first */
export async function stagedOrder(client: Client, orderId: string): Promise<StagedVersion[]> {
  const { rows } = await client.query<
    Omit<StagedVersion, 'entries' | 'earlierMenus' | 'waiting'> & JsonTexts
  >(staged, [orderId]);
  return rows.map(({ entries, earlierMenus, waiting, ...version }) => ({
    ...version,
    entries: JSON.parse(entries) as UsedEntry[],
    earlierMenus: JSON.parse(earlierMenus) as Record<string, string>,
    waiting: waiting === null ? null : (JSON.parse(waiting) as Waiting),
  }));
}

interface JsonTexts {
  entries: string;
  earlierMenus: string;
  waiting: string | null;
}

const staged = /* sql */ `
  SELECT order_version AS version, sent_dttm AS "sentAt", load_dt AS "stagedAt", is_newest AS "isNewest", payload,
    (
      SELECT coalesce(json_agg(
        json_build_object('kind', entry_kind, 'id', entry_key, 'validFrom', valid_from::text) ORDER BY entry_kind DESC
      ), '[]')
      FROM stg.dictionary_entries WHERE entry_pk IN (user_entry_pk, restaurant_entry_pk)
    ) AS entries,
    (
      SELECT coalesce(json_object_agg(product.key, valid_from::text), '{}')
      FROM jsonb_each_text(earlier_menus) product JOIN stg.dictionary_entries ON entry_pk = product.value::uuid
    ) AS "earlierMenus",
    (
      SELECT json_build_object('since', waiting_since, 'attempts', attempts, 'nextAttemptAt', next_attempt_at,
        'missing', missing, 'message', concat_ws(':', topic, partition, message_offset))
      FROM stg.pending_orders waiting
      WHERE waiting.object_id = version.object_id AND waiting.order_version = version.order_version
    ) AS waiting
  FROM (
    SELECT true AS is_newest, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM stg.order_events
    UNION ALL
    SELECT false, object_id, order_version, sent_dttm, load_dt, payload, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM stg.superseded_order_events
  ) AS version
  WHERE object_id = $1
  ORDER BY order_version`;
