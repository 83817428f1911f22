import { hubKey } from '../ledger/hub-key';
import { epochMicros } from './epoch-micros';
import type { FilterQuery } from './dashboard.contract';
import type { ColumnFilter } from './order-columns';

/** What the filters mean in columns. */
export function columnFilter({ restaurant_id, category, from, to }: FilterQuery): ColumnFilter {
  return {
    restaurantId: restaurant_id && hubKey('h_restaurant', restaurant_id),
    categoryId: category && hubKey('h_category', category),
    from: microsOf(from),
    to: microsOf(to),
  };
}

function microsOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : epochMicros(time);
}
