import type { Refused } from '@app/batches/outcome';
import type { IncomingOrder, LedgerOrder } from './read-vault-order';

/** An order whose state in the marts changes: from what they held, if anything, to what they hold now. */
export interface OrderChange {
  before?: LedgerOrder;
  after: LedgerOrder;
}

/**
 * What the batch changes: of each order its newest version, unless the ledger holds that or a newer one. A version that
 * names another user or restaurant than the one that came first is refused.
 * @param orders in the order of their arrival
 * @param ledger what the marts hold, by hash key of the order
 */
export function newestVersions(
  orders: IncomingOrder[],
  ledger: ReadonlyMap<string, LedgerOrder>,
): { changes: OrderChange[]; refused: Map<IncomingOrder, Refused> } {
  const newest = new Map<string, LedgerOrder>(ledger);
  const refused = new Map<IncomingOrder, Refused>();
  for (const order of orders) {
    const known = newest.get(order.orderKey);
    const change = known && ownerChange(known, order);
    if (change) {
      refused.set(order, { kind: 'refused', reason: 'order_owner_changed', message: change });
    } else if (!known || known.version < order.version) {
      newest.set(order.orderKey, order);
    }
  }
  const changes = [...newest.values()]
    .filter((order) => order !== ledger.get(order.orderKey))
    .map((after) => ({ before: ledger.get(after.orderKey), after }));
  return { changes, refused };
}

function ownerChange(known: LedgerOrder, order: IncomingOrder): string | undefined {
  if (order.userId !== known.userId) {
    return `payload.user_id must stay ${known.userId}, as in the version that came first, got ${order.userId}`;
  }
  if (order.restaurantId !== known.restaurantId) {
    return `payload.restaurant.id must stay ${known.restaurantId}, as in the version that came first, got ${order.restaurantId}`;
  }
  return undefined;
}
