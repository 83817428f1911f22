import type { OrderFilter } from './order-filter';

/**
 * What `cdm.daily_sales` adds up. Sums over days or restaurants are taken of it: they are the same, and PostgreSQL need
 * not add up each day of each restaurant first.
 */
export const SALES = 'cdm.daily_sales_slots';

/** A query for the number of CLOSED orders that count. */
export function closedOrders(filter: OrderFilter): string {
  return filter.hasWholeDays
    ? `SELECT coalesce(sum(closed_order_cnt), 0)::integer FROM ${SALES} WHERE ${filter.sales}`
    : `SELECT count(*)::integer FROM cdm.order_versions WHERE status = 'CLOSED' AND ${filter.order}`;
}

/** A query for the number of their users. PostgreSQL sorts for `count(DISTINCT)`; this way it hashes. */
export function closedUsers(filter: OrderFilter): string {
  return filter.isEmpty
    ? 'SELECT count(*)::integer FROM cdm.users WHERE closed_order_cnt > 0'
    : /* sql */ `SELECT count(*)::integer
        FROM (SELECT DISTINCT user_id FROM cdm.order_versions WHERE status = 'CLOSED' AND ${filter.order}) counted`;
}
