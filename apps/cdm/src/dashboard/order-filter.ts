import { hubKey } from '../hub-key';
import type { FilterQuery } from './dashboard.contract';

/** Which orders of the ledger count; null: all. */
export interface OrderFilter {
  /** Hash keys. */
  restaurantId: string | null;
  categoryId: string | null;
  /** Times of the source: the first that counts, and the first that no longer does. */
  from: string | null;
  to: string | null;
}

export function orderFilter({ restaurant_id, category, from, to }: FilterQuery): OrderFilter {
  return {
    restaurantId: restaurant_id === undefined ? null : hubKey('h_restaurant', restaurant_id),
    categoryId: category === undefined ? null : hubKey('h_category', category),
    from: from ?? null,
    to: to ?? null,
  };
}

/** The values of {@link isMatching}, in their order. */
export function filterValues({ restaurantId, categoryId, from, to }: OrderFilter): (string | null)[] {
  return [restaurantId, categoryId, from, to];
}

/** Whether an order counts; PostgreSQL plans each query for its values, so what is null costs nothing. */
export const isMatching = /* sql */ `
  ($1::uuid IS NULL OR restaurant_id = $1) AND ($2::uuid IS NULL OR $2 = ANY (category_ids))
  AND ($3::timestamp IS NULL OR order_dt >= $3) AND ($4::timestamp IS NULL OR order_dt < $4)`;
