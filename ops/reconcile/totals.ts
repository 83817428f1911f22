import type { Layer } from '../servers/databases';
import type { Clients } from './reconcile';

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
export async function readTotals(clients: Clients): Promise<LayerTotal[]> {
  const totals: LayerTotal[] = [];
  for (const { of, layer, query } of totalQueries) {
    const { rows } = await clients[of].query<Omit<LayerTotal, 'layer'>>(query);
    totals.push({ layer, ...rows[0]! });
  }
  return totals;
}

const totalQueries: { of: Layer; layer: string; query: string }[] = [
  {
    of: 'stg',
    layer: 'staging',
    query: /* sql */ `
      SELECT count(*) + (SELECT count(*) FROM stg.superseded_order_events) AS versions, count(*) AS orders,
        ${closed('final_status')}
      FROM stg.order_events
      CROSS JOIN LATERAL json_to_record(payload) AS given (final_status text, cost numeric(19, 5), payment numeric(19, 5))`,
  },
  {
    of: 'dds',
    layer: 'vault',
    query: /* sql */ `
      SELECT (SELECT count(*) FROM dds.s_order_details) AS versions, count(*) AS orders, ${closed('final_status')}
      FROM dds.order_current`,
  },
  {
    of: 'cdm',
    layer: 'ledger',
    query: `SELECT NULL AS versions, count(*) AS orders, ${closed('status')} FROM cdm.order_versions`,
  },
  {
    of: 'cdm',
    layer: 'daily sales',
    query: /* sql */ `
      SELECT NULL AS versions, coalesce(sum(order_cnt), 0) AS orders, coalesce(sum(closed_order_cnt), 0) AS closed,
        ${money('cost')} AS cost, ${money('payment')} AS payment
      FROM cdm.daily_sales_slots`,
  },
];

function closed(status: string): string {
  const isClosed = `FILTER (WHERE ${status} = 'CLOSED')`;
  return `count(*) ${isClosed} AS closed, ${money('cost', isClosed)} AS cost, ${money('payment', isClosed)} AS payment`;
}

function money(column: string, filter = ''): string {
  return `trim_scale(coalesce(sum(${column}) ${filter}, 0))::text`;
}
