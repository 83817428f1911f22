import type { ClientBase } from 'pg';

/** Orders and money of a layer; only the money of CLOSED orders counts. */
export interface LayerTotal {
  layer: string;
  versions: string | null;
  orders: string;
  closed: string;
  cost: string;
  payment: string;
}

/** Numbers are texts, since they are exact. In staging and vault it is the newest version of each order that counts. */
export async function readTotals(client: ClientBase): Promise<LayerTotal[]> {
  const { rows } = await client.query<LayerTotal>(/* sql */ `
    WITH staged AS (
      SELECT final_status, cost, payment FROM stg.order_events
      CROSS JOIN LATERAL json_to_record(payload) AS told (final_status text, cost numeric, payment numeric)
    )
    SELECT layer, versions, orders, closed, cost, payment FROM (
    SELECT 1 AS place, 'staging' AS layer, count(*) + (SELECT count(*) FROM stg.superseded_order_events) AS versions, count(*) AS orders,
      ${closed('final_status')} FROM staged
    UNION ALL
    SELECT 2, 'vault', (SELECT count(*) FROM dds.s_order_details), count(*), ${closed('final_status')} FROM dds.order_current
    UNION ALL
    SELECT 3, 'ledger', NULL, count(*), ${closed('status')} FROM cdm.order_versions
    UNION ALL
    SELECT 4, 'daily sales', NULL, coalesce(sum(order_cnt), 0), coalesce(sum(closed_order_cnt), 0), ${money('cost')}, ${money('payment')}
    FROM cdm.daily_sales_slots
    ) AS layers ORDER BY place`);
  return rows;
}

function closed(status: string): string {
  const isClosed = `FILTER (WHERE ${status} = 'CLOSED')`;
  return `count(*) ${isClosed} AS closed, ${money('cost', isClosed)} AS cost, ${money('payment', isClosed)} AS payment`;
}

function money(column: string, filter = ''): string {
  return `trim_scale(coalesce(sum(${column}) ${filter}, 0))::text`;
}
