import { LosslessNumber } from 'lossless-json';
import type { Client } from '@app/warehouse/warehouse';
import type { FilterQuery, SummaryAnswer } from './dashboard.contract';
import { closedUsers, SALES } from './denominators';
import type { LedgerCopy } from './ledger-copy';
import { orderFilter } from './order-filter';

interface SummaryRow {
  orders: number;
  closed_orders: number;
  users: number;
  revenue: string;
  average_bill: string | null;
  newest_order_at: string | null;
}

export async function summary(
  client: Client,
  query: FilterQuery,
  copy: LedgerCopy,
): Promise<Omit<SummaryAnswer, 'as_of'>> {
  const filter = orderFilter(query);
  const counts = filter.isEmpty ? undefined : await copy.count(client, query, 'users', []);
  const usersAsked = counts ? String(counts.total) : `(${closedUsers(filter)})`;
  const sums = filter.hasWholeDays
    ? /* sql */ `
      SELECT coalesce(sum(order_cnt), 0)::integer AS orders, coalesce(sum(closed_order_cnt), 0)::integer AS closed_orders,
        coalesce(sum(payment), 0) AS revenue, sum(cost) / nullif(sum(closed_order_cnt), 0) AS average_bill,
        (SELECT max(order_dt) FROM cdm.order_versions WHERE ${filter.order}) AS newest_order_at
      FROM ${SALES} WHERE ${filter.sales}`
    : /* sql */ `
      SELECT count(*)::integer AS orders, count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
        coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0) AS revenue,
        avg(cost) FILTER (WHERE status = 'CLOSED') AS average_bill, max(order_dt) AS newest_order_at
      FROM cdm.order_versions WHERE ${filter.order}`;
  const { rows } = await client.query<SummaryRow>(
    /* sql */ `
    SELECT orders, closed_orders, ${usersAsked} AS users, trim_scale(revenue) AS revenue,
      trim_scale(round(average_bill, 5)) AS average_bill,
      newest_order_at
    FROM (${sums}) sums`,
    filter.values,
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
