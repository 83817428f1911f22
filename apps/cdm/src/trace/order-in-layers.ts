import type { Client } from '@app/warehouse/warehouse';
import type { CountedOrder, StagedVersion, VaultOrder } from './trace.contract';

/** @returns all versions of an order, the oldest first */
export async function orderInStaging(client: Client, orderId: string): Promise<StagedVersion[]> {
  return (await answerOf<StagedVersion[]>(client, 'SELECT pipeline.staged_order($1) AS answer', orderId))!;
}

/** @returns null where the vault has no version of the order */
export function orderInVault(client: Client, orderId: string): Promise<VaultOrder | null> {
  return answerOf(client, 'SELECT pipeline.vault_order($1) AS answer', orderId);
}

/** @returns null where the ledger has no version of the order */
export function orderInMarts(client: Client, orderId: string): Promise<CountedOrder | null> {
  return answerOf(client, counted, orderId);
}

async function answerOf<Answer>(client: Client, text: string, orderId: string): Promise<Answer | null> {
  const { rows } = await client.query<{ answer: string | null }>(text, [orderId]);
  const answer = rows[0]?.answer ?? null;
  return answer === null ? null : (JSON.parse(answer) as Answer);
}

/** Only daily sales count orders that are not closed. */
const counted = /* sql */ `
  WITH counted AS (
    SELECT *, status = 'CLOSED' AS is_closed FROM cdm.order_versions WHERE object_id = $1
  ), counting AS (
    SELECT 1 AS place, 'user_product_counters' AS mart, product_name AS "of", order_cnt AS orders
    FROM counted JOIN cdm.user_product_counters counter ON is_closed AND counter.user_id = counted.user_id
      AND product_id = ANY (product_ids)
    UNION ALL
    SELECT 2, 'user_category_counters', category_name, order_cnt
    FROM counted JOIN cdm.user_category_counters counter ON is_closed AND counter.user_id = counted.user_id
      AND category_id = ANY (category_ids)
    UNION ALL
    SELECT 3, 'restaurant_category_counters', concat_ws(', ', restaurant_name, category_name), order_cnt
    FROM counted JOIN cdm.restaurant_category_counters counter ON is_closed
      AND counter.restaurant_id = counted.restaurant_id AND category_id = ANY (category_ids)
    UNION ALL
    SELECT 4, 'product_popularity', product_name, order_cnt
    FROM counted JOIN cdm.product_popularity popular ON is_closed AND popular.product_id = ANY (product_ids)
    JOIN cdm.product_names USING (product_id)
    UNION ALL
    SELECT 5, 'category_popularity', category_name, order_cnt
    FROM counted JOIN cdm.category_popularity popular ON is_closed AND category_id = ANY (category_ids)
    UNION ALL
    SELECT 6, 'daily_sales', concat_ws(', ', day, restaurant_name), order_cnt
    FROM counted JOIN cdm.daily_sales sales ON day = order_dt::date AND sales.restaurant_id = counted.restaurant_id
    JOIN cdm.restaurant_names ON restaurant_names.restaurant_id = counted.restaurant_id
  ), moved AS (
    SELECT event, tag, order_cnt AS orders, at, event_number
    FROM counted JOIN cdm.user_tag_events event ON event.user_id = counted.user_id AND at >= load_dt
    WHERE NOT EXISTS (
      SELECT 1 FROM cdm.order_versions later
      WHERE later.user_id = counted.user_id AND later.load_dt > counted.load_dt AND later.load_dt <= at
    )
  )
  SELECT json_build_object(
    'version', order_version,
    'status', status,
    'counted_at', load_dt,
    'rows', (
      SELECT coalesce(json_agg(json_build_object('mart', mart, 'of', "of", 'orders', orders) ORDER BY place, "of"), '[]')
      FROM counting
    ),
    'tags', (
      SELECT coalesce(json_agg(json_build_object('event', event, 'tag', tag, 'orders', orders, 'at', at) ORDER BY event_number), '[]')
      FROM moved
    )
  ) AS answer
  FROM counted`;
