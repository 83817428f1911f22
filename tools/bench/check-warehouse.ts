import type { Client } from 'pg';
import type { BenchStack } from './bench-stack';
import type { SentHistory } from './sent-history';

/** Differences that are told of each kind. */
const SHOWN = 5;

/**
 * Compares the warehouse with all that was ever sent to it, and the counters with a count of their own.
 * @throws telling what differs
 */
export async function checkWarehouse(
  { database, pipeline }: BenchStack,
  sent: readonly SentHistory[],
): Promise<void> {
  const differences = [
    ...(await otherRowCounts(database, sent)),
    ...(await otherVersions(database, sent)),
    ...(await otherCounters(database)),
  ];
  const deadLetters = await pipeline.deadLetters();
  if (deadLetters > 0) differences.push(`${deadLetters} dead letters of orders without a fault`);
  if (differences.length > 0) {
    throw new Error(
      `The warehouse is not as the orders demand, so no figure counts:\n  ${differences.join('\n  ')}`,
    );
  }
}

async function otherRowCounts(database: Client, sent: readonly SentHistory[]): Promise<string[]> {
  const sum = (of: (history: SentHistory) => number) =>
    sent.reduce((total, history) => total + of(history), 0);
  const [orders, versions] = [sum((one) => one.orders), sum(({ messages }) => messages)];
  const expected: Record<string, number> = {
    'stg.order_events': orders,
    'stg.superseded_order_events': versions - orders,
    'stg.pending_orders': 0,
    'stg.skipped_messages': 0,
    'dds.h_order': orders,
    'dds.l_order_user': orders,
    'dds.l_order_restaurant': orders,
    'dds.l_order_product': sum(({ dishes }) => dishes),
    'dds.s_order_status': sum(({ statuses }) => statuses),
    'dds.s_order_cost': versions,
    'dds.s_order_details': versions,
    'dds.s_order_product': sum(({ lines }) => lines),
    'cdm.order_versions': orders,
  };
  const differences = [];
  for (const [table, rows] of Object.entries(expected)) {
    const { rows: counted } = await database.query<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM ${table}`,
    );
    const found = counted[0]!.rows;
    if (found !== rows) differences.push(`${table} has ${found} rows, not ${rows}`);
  }
  return differences;
}

async function otherVersions(database: Client, sent: readonly SentHistory[]): Promise<string[]> {
  const newest = sent.flatMap((history) => [...history.newest]);
  const { rows } = await database.query<{ difference: string }>(
    /* sql */ `
    SELECT format('the newest version of order %s is %s, not %s', sent.object_id, coalesce(ledger.order_version, 'missing'),
      sent.order_version) AS difference
    FROM unnest($1::bigint[], $2::text[]) AS sent (object_id, order_version)
    LEFT JOIN cdm.order_versions ledger USING (object_id)
    WHERE ledger.order_version IS DISTINCT FROM sent.order_version
    LIMIT ${SHOWN}`,
    [newest.map(([id]) => id), newest.map(([, version]) => version)],
  );
  return rows.map(({ difference }) => difference);
}

/**
 * Counts the distinct CLOSED orders of every grain: users, restaurants and dishes as the staged messages tell them, categories as the
 * menus that they were enriched with do. Nothing of vault and ledger is used but the ids behind the hash keys.
 */
async function otherCounters(database: Client): Promise<string[]> {
  const { rows } = await database.query<{ difference: string }>(/* sql */ `
    WITH menus AS (
      SELECT entry_pk AS restaurant_entry_pk, dish ->> '_id' AS dish_id, dish ->> 'category' AS category
      FROM stg.dictionary_entries, json_array_elements(entry -> 'menu') AS dish
      WHERE entry_kind = 'restaurant'
    ), ordered AS (
      SELECT object_id, payload #>> '{user,id}' AS user_id, payload #>> '{restaurant,id}' AS restaurant_id, restaurant_entry_pk,
        item ->> 'id' AS dish_id
      FROM stg.order_events, json_array_elements(payload -> 'order_items') AS item
      WHERE payload ->> 'final_status' = 'CLOSED'
    ), dishes AS (
      SELECT object_id, user_id, restaurant_id, dish_id, category
      FROM ordered LEFT JOIN menus USING (restaurant_entry_pk, dish_id)
    ), expected AS (
      SELECT 'user_product_counters' AS mart, user_id AS first, dish_id AS second, count(DISTINCT object_id) AS orders
      FROM dishes GROUP BY 2, 3
      UNION ALL
      SELECT 'user_category_counters', user_id, category, count(DISTINCT object_id) FROM dishes GROUP BY 2, 3
      UNION ALL
      SELECT 'restaurant_category_counters', restaurant_id, category, count(DISTINCT object_id) FROM dishes GROUP BY 2, 3
    ), found AS (
      SELECT 'user_product_counters' AS mart, h_user.user_id AS first, h_product.product_id AS second, order_cnt AS orders
      FROM cdm.user_product_counters counter
      LEFT JOIN dds.h_user ON h_user_pk = counter.user_id LEFT JOIN dds.h_product ON h_product_pk = counter.product_id
      UNION ALL
      SELECT 'user_category_counters', h_user.user_id, category_name, order_cnt
      FROM cdm.user_category_counters counter LEFT JOIN dds.h_user ON h_user_pk = counter.user_id
      UNION ALL
      SELECT 'restaurant_category_counters', h_restaurant.restaurant_id, category_name, order_cnt
      FROM cdm.restaurant_category_counters counter LEFT JOIN dds.h_restaurant ON h_restaurant_pk = counter.restaurant_id
    ), differing AS (
      SELECT mart, first, second, coalesce(found.orders, 0) AS found, coalesce(expected.orders, 0) AS expected,
        row_number() OVER (PARTITION BY mart) AS number
      FROM expected FULL JOIN found USING (mart, first, second)
      WHERE found.orders IS DISTINCT FROM expected.orders
    )
    SELECT format('cdm.%s of %s and %s is %s, not %s', mart, first, second, found, expected) AS difference
    FROM differing WHERE number <= ${SHOWN} ORDER BY mart, number`);
  return rows.map(({ difference }) => difference);
}
