import type { CounterChange } from './counter-changes';

/** How the popularity of a dish or a category changes. */
export interface PopularityChange {
  id: string;
  orders: number;
  users: number;
}

/**
 * An order has one user, so the orders of a thing are those of its counters together.
 * @param counters changes of the users' counters
 * @param place where the grain has the thing
 * @param users how many users it has gained or lost
 * @returns in the order of ids
 */
export function popularityChanges(
  counters: CounterChange[],
  place: 0 | 1,
  users: ReadonlyMap<string, number>,
): PopularityChange[] {
  const orders = new Map<string, number>();
  for (const { grain, by } of counters) {
    orders.set(grain[place], (orders.get(grain[place]) ?? 0) + by);
  }
  return Array.from(orders, ([id, by]) => ({ id, orders: by, users: users.get(id) ?? 0 }))
    .filter((change) => change.orders !== 0 || change.users !== 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
