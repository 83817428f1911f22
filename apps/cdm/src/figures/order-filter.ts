import { hubKey } from '../ledger/hub-key';
import type { FilterQuery } from './dashboard.contract';

/** Which orders of the ledger count, in SQL. */
export interface OrderFilter {
  /** Whether all do: then there are marts for most figures. */
  isEmpty: boolean;
  /** Whether it takes days as a whole, of all categories: then there is a mart of days. */
  hasWholeDays: boolean;
  /** A condition on a row of `cdm.order_versions`. */
  order: string;
  /** A condition on a line of it, with its `category_id`. */
  line: string;
  /** A condition on a row of `cdm.daily_sales`, where days are taken as a whole. */
  sales: string;
  /** The values of all these conditions. */
  values: string[];
}

export function orderFilter({ restaurant_id, category, from, to }: FilterQuery): OrderFilter {
  const values: string[] = [];
  const order: string[] = [];
  const sales: string[] = [];
  let line = 'true';
  const parameter = (value: string, type: string) => `$${values.push(value)}::${type}`;
  if (restaurant_id !== undefined) {
    const condition = `restaurant_id = ${parameter(hubKey('h_restaurant', restaurant_id), 'uuid')}`;
    order.push(condition);
    sales.push(condition);
  }
  if (category !== undefined) {
    const key = parameter(hubKey('h_category', category), 'uuid');
    order.push(`${key} = ANY (category_ids)`);
    line = `category_id = ${key}`;
  }
  if (from !== undefined) {
    const time = parameter(from, 'timestamp');
    order.push(`order_dt >= ${time}`);
    sales.push(`day >= ${time}`);
  }
  if (to !== undefined) {
    const time = parameter(to, 'timestamp');
    order.push(`order_dt < ${time}`);
    sales.push(`day < ${time}`);
  }
  return {
    isEmpty: values.length === 0,
    hasWholeDays: category === undefined && isDay(from) && isDay(to),
    order: order.join(' AND ') || 'true',
    line,
    sales: sales.join(' AND ') || 'true',
    values,
  };
}

/** Whether a day begins at the time; true where there is none. */
function isDay(time: string | undefined): boolean {
  return time === undefined || /^\d{4}-\d\d-\d\d([ T]00:00:00(\.0+)?)?$/.test(time);
}
