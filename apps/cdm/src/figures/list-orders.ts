import { LosslessNumber } from 'lossless-json';
import type { Client } from '@app/warehouse/warehouse';
import { hubKey } from '../ledger/hub-key';
import { orderFilter } from './order-filter';
import type { ListedOrder, OrdersFilter, OrdersPage } from './orders.contract';

interface OrderRow {
  object_id: string;
  order_dt: string;
  restaurant_id: string;
  restaurant_name: string;
  status: string;
  cost: string;
  payment: string;
}

interface SumsRow {
  orders: number;
  closed_orders: number;
  revenue: string;
}

/**
 * A page of the orders behind a figure, the newest first; with the first one what all sum up to, of the same moment.
 * @param cursor `next` of the page before
 */
export async function listOrders(
  client: Client,
  query: OrdersFilter,
  limit: number,
  cursor?: string,
): Promise<OrdersPage> {
  const { condition, values } = conditionOf(query);
  const [time, id, most] = [1, 2, 3].map((place) => `$${values.length + place}`);
  const isFirst = cursor === undefined;
  // Sums stand beside each order: of one statement, and exact, which members of JSON would not be.
  const { rows } = await client.query<
    Partial<SumsRow> & { [column in keyof OrderRow]: OrderRow[column] | null }
  >(
    /* sql */ `
    WITH listed AS (
      SELECT * FROM cdm.order_versions
      WHERE ${condition} AND (${time}::timestamp IS NULL OR (order_dt, object_id) < (${time}, ${id}::bigint))
      ORDER BY order_dt DESC, object_id DESC LIMIT ${most}
    )
    SELECT sums.*, object_id, order_dt, restaurant_id, restaurant_name, status, trim_scale(cost) AS cost,
      trim_scale(payment) AS payment
    FROM (${isFirst ? sumsOf(condition) : 'SELECT'}) AS sums
    LEFT JOIN (listed JOIN cdm.restaurant_names USING (restaurant_id)) ON true
    ORDER BY order_dt DESC, object_id DESC`,
    [...values, ...(cursor?.split('|') ?? [null, null]), limit + 1],
  );
  const found = rows.filter((row): row is OrderRow & Partial<SumsRow> => row.object_id !== null);
  const orders = found.slice(0, limit);
  const last = orders.at(-1);
  return {
    sums: isFirst ? answerOfSums(rows[0] as SumsRow) : null,
    orders: orders.map(answerOf),
    next: found.length > limit ? `${last!.order_dt}|${last!.object_id}` : null,
  };
}

function conditionOf({ product_id, status, ...query }: OrdersFilter): {
  condition: string;
  values: string[];
} {
  const { order, values } = orderFilter(query);
  const conditions = [order];
  if (product_id !== undefined) {
    // Under a category, a figure of products counts their lines of it alone.
    const product = `$${values.push(hubKey('h_product', product_id))}::uuid`;
    conditions.push(
      query.category === undefined
        ? `${product} = ANY (product_ids)`
        : /* sql */ `EXISTS (
            SELECT 1 FROM unnest(product_ids, category_ids) AS line (product_id, category_id)
            WHERE product_id = ${product} AND category_id = $${values.push(hubKey('h_category', query.category))}::uuid)`,
    );
  }
  if (status !== undefined) {
    conditions.push(`status = $${values.push(status)}`);
  }
  return { condition: conditions.join(' AND '), values };
}

function sumsOf(condition: string): string {
  return /* sql */ `
    SELECT count(*)::integer AS orders, count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
      trim_scale(coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0)) AS revenue
    FROM cdm.order_versions WHERE ${condition}`;
}

function answerOfSums({ orders, closed_orders, revenue }: SumsRow): OrdersPage['sums'] {
  return { orders, closed_orders, revenue: new LosslessNumber(revenue) };
}

function answerOf(row: OrderRow): ListedOrder {
  return {
    order_id: new LosslessNumber(row.object_id),
    ordered_at: row.order_dt,
    restaurant: { id: row.restaurant_id, name: row.restaurant_name },
    status: row.status,
    cost: new LosslessNumber(row.cost),
    payment: new LosslessNumber(row.payment),
  };
}
