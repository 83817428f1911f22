import { ordersOfUsers } from './count-orders-of-users';
import type { Counting } from './declare-mart';

/**
 * Counts the orders of a ledger again: a query with the columns of the grain and of the measures.
 * @param ledger a table with the columns of `cdm.order_versions`, or a query in brackets
 * @param also columns of it to count by besides
 */
export function recount(
  { grain, measures }: Counting,
  ledger = 'cdm.order_versions',
  also: readonly string[] = [],
): string {
  const [orders] = measures;
  const key = [...also, ...grain.map(({ column }) => column)].join(', ');
  const values = grain.map(({ column, sql = column }) => (sql === column ? column : `${sql} AS ${column}`));
  const sums = measures.map(({ column, type, sql, isOfClosed }) => {
    const filter = isOfClosed && !orders!.isOfClosed ? ` FILTER (WHERE status = 'CLOSED')` : '';
    return `coalesce(${sql}${filter}, 0)::${type} AS ${column}`;
  });
  return /* sql */ `
    SELECT ${[...also, ...values, ...sums].join(', ')}
    FROM ${ledger} AS ledger ${grain.map(({ each }) => (each ? `CROSS JOIN LATERAL ${each}` : '')).join(' ')}
    ${orders!.isOfClosed ? `WHERE status = 'CLOSED'` : ''} GROUP BY ${key}`;
}

/** Counts again what `cdm.users` counts: a query with `user_id` and `closed_order_cnt`. */
export function recountUsers(ledger?: string, also?: readonly string[]): string {
  return recount(ordersOfUsers, ledger, also);
}
