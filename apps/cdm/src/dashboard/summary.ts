import { LosslessNumber } from 'lossless-json';
import type { Client } from '@app/warehouse/warehouse';
import type { FilterQuery, SummaryAnswer } from './dashboard.contract';
import { filterValues, isMatching, orderFilter } from './order-filter';

interface SummaryRow {
  orders: number;
  closed_orders: number;
  users: number;
  revenue: string;
  average_bill: string | null;
  newest_order_at: string | null;
}

export async function summary(client: Client, query: FilterQuery): Promise<Omit<SummaryAnswer, 'as_of'>> {
  const { rows } = await client.query<SummaryRow>(
    /* sql */ `
    SELECT count(*)::integer AS orders,
      count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
      count(DISTINCT user_id) FILTER (WHERE status = 'CLOSED')::integer AS users,
      trim_scale(coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)) AS revenue,
      trim_scale(round(avg(cost) FILTER (WHERE status = 'CLOSED'), 5)) AS average_bill,
      max(order_dt) AS newest_order_at
    FROM cdm.order_versions WHERE ${isMatching}`,
    filterValues(orderFilter(query)),
  );
  const { orders, closed_orders, users, revenue, average_bill, newest_order_at } = rows[0]!;
  return {
    orders,
    closed_orders,
    closed_share: orders === 0 ? null : closed_orders / orders,
    users,
    revenue: new LosslessNumber(revenue),
    average_bill: average_bill === null ? null : new LosslessNumber(average_bill),
    newest_order_at,
  };
}
