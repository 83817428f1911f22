import type { View } from './address';
import { momentQuery } from './moment';
import type { Range } from './period';

/**
 * The parameters of `api/orders` that say which orders are meant.
 * @param range the days of the view's period
 */
export function ordersQuery(view: View, range: Range): URLSearchParams {
  const { restaurant, category, product, status, since, until } = view;
  const given = {
    restaurant_id: restaurant,
    category,
    product_id: product,
    status,
    from: latest(range.from, since),
    to: earliest(range.to, until),
    ...momentQuery(view),
  };
  return new URLSearchParams(
    Object.entries(given).filter((filter): filter is [string, string] => Boolean(filter[1])),
  );
}

/** A day sorts before its times, as it should: it means their first. */
function latest(one: string | undefined, other: string | undefined): string | undefined {
  return one && other ? (one > other ? one : other) : (one ?? other);
}

function earliest(one: string | undefined, other: string | undefined): string | undefined {
  return one && other ? (one < other ? one : other) : (one ?? other);
}
