import type { LedgerOrder } from './read-vault-order';

/** An order whose state in the marts changes: from what they held, if anything, to what they hold now. */
export interface OrderChange {
  before?: LedgerOrder;
  after: LedgerOrder;
}

/** How a counter changes: the two parts of its grain, and by how many orders. */
export interface CounterChange {
  grain: [string, string];
  by: number;
}

export interface CounterChanges {
  /** By hash key of the user. */
  users: Map<string, number>;
  /** Grain: product, user. */
  userProducts: CounterChange[];
  /** Grain: user, category. */
  userCategories: CounterChange[];
  /** Grain: restaurant, category. */
  restaurantCategories: CounterChange[];
}

/**
 * A CLOSED order counts once for each of its products and categories; any other counts nowhere. Changes that cancel out are left
 * out; the others are in ascending order of their grain.
 */
export function counterChanges(changes: OrderChange[]): CounterChanges {
  const users = new Map<string, number>();
  const userProducts = new Tally();
  const userCategories = new Tally();
  const restaurantCategories = new Tally();
  const count = (order: LedgerOrder, by: 1 | -1) => {
    if (order.status !== 'CLOSED') {
      return;
    }
    users.set(order.userId, (users.get(order.userId) ?? 0) + by);
    for (const productId of order.productIds) {
      userProducts.count(productId, order.userId, by);
    }
    for (const categoryId of new Set(order.categoryIds)) {
      userCategories.count(order.userId, categoryId, by);
      restaurantCategories.count(order.restaurantId, categoryId, by);
    }
  };
  for (const { before, after } of changes) {
    if (before) {
      count(before, -1);
    }
    count(after, 1);
  }
  return {
    users: new Map([...users].filter(([, by]) => by !== 0)),
    userProducts: userProducts.changes(),
    userCategories: userCategories.changes(),
    restaurantCategories: restaurantCategories.changes(),
  };
}

class Tally {
  private readonly byGrain = new Map<string, number>();

  /** Both parts are hash keys, hence of one length. */
  count(first: string, second: string, by: number): void {
    const grain = `${first} ${second}`;
    this.byGrain.set(grain, (this.byGrain.get(grain) ?? 0) + by);
  }

  changes(): CounterChange[] {
    return [...this.byGrain]
      .filter(([, by]) => by !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([grain, by]) => ({ grain: grain.split(' ') as [string, string], by }));
  }
}
