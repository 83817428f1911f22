import type { Client } from '@app/warehouse/warehouse';

/** What the marts have of an order. */
export interface CountedOrder {
  version: string;
  status: string;
  countedAt: Date;
  /** The rows in which the order counts, with what they say now. */
  rows: { mart: string; of: string; orders: string }[];
  /** Events of the guest since this version was counted, until another order of theirs was. */
  tags: { event: string; tag: string; orders: string; at: Date }[];
}

/** @returns undefined where the ledger has no version of the order */
export async function countedOrder(client: Client, orderId: string): Promise<CountedOrder | undefined> {
  const { rows: ledger } = await client.query<Omit<CountedOrder, 'rows' | 'tags'>>(inLedger, [orderId]);
  if (!ledger[0]) {
    return undefined;
  }
  const { rows } = await client.query<CountedOrder['rows'][number]>(counting, [orderId]);
  const { rows: tags } = await client.query<CountedOrder['tags'][number]>(moved, [orderId]);
  return { ...ledger[0], rows, tags };
}

const inLedger = /* sql */ `
  SELECT order_version AS version, status, load_dt AS "countedAt" FROM cdm.order_versions WHERE object_id = $1`;

/** Only daily sales count orders that are not closed. */
const counting = /* sql */ `
  WITH counted AS (
    SELECT *, status = 'CLOSED' AS is_closed FROM cdm.order_versions WHERE object_id = $1
  )
  SELECT mart, "of", orders::text FROM (
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
  ) AS counting
  ORDER BY place, "of"`;

const moved = /* sql */ `
  SELECT event, tag, order_cnt::text AS orders, at
  FROM cdm.order_versions counted JOIN cdm.user_tag_events event ON event.user_id = counted.user_id AND at >= load_dt
  WHERE object_id = $1 AND NOT EXISTS (
    SELECT 1 FROM cdm.order_versions later
    WHERE later.user_id = counted.user_id AND later.load_dt > counted.load_dt AND later.load_dt <= at
  )
  ORDER BY event_number`;
