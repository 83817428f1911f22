import { LosslessNumber } from 'lossless-json';
import { hubKey } from '../ledger/hub-key';
import { columnFilter } from './column-filter';
import { epochMicros, sourceTime } from './epoch-micros';
import type { ListedOrder, OrdersFilter, OrdersPage } from './orders.contract';
import { moneyText, type PastOrders, type VisitedOrder } from './past-orders';

/** As `listOrders`, of the orders as they were. */
export async function pastList(
  past: PastOrders,
  query: OrdersFilter,
  limit: number,
  cursor?: string,
): Promise<OrdersPage> {
  const { product_id, status } = query;
  const filter = {
    ...columnFilter(query),
    productId: product_id && hubKey('h_product', product_id),
    status,
  };
  const page = new NewestOrders(past, limit + 1, cursor);
  const sums = { orders: 0, closed_orders: 0, payment: 0n };
  await past.visit(filter, (order) => {
    sums.orders += 1;
    if (order.isClosed) {
      sums.closed_orders += 1;
      sums.payment += order.payment;
    }
    page.offer(order);
  });
  const orders = page.orders.slice(0, limit).map((order) => answerOf(past, order));
  const last = orders.at(-1);
  const { payment, ...counts } = sums;
  return {
    sums: cursor === undefined ? { ...counts, revenue: new LosslessNumber(moneyText(payment)) } : null,
    orders,
    next: page.orders.length > limit ? `${last!.ordered_at}|${String(last!.order_id)}` : null,
  };
}

/** The newest of the orders that are offered, of those after a cursor. */
class NewestOrders {
  /** The newest first. */
  readonly orders: VisitedOrder[] = [];
  private readonly after?: { time: number; id: bigint };

  constructor(
    private readonly past: PastOrders,
    private readonly most: number,
    cursor: string | undefined,
  ) {
    const [time, id] = cursor?.split('|') ?? [];
    this.after = id === undefined ? undefined : { time: epochMicros(time!), id: BigInt(id) };
  }

  offer(order: VisitedOrder): void {
    const { after, orders } = this;
    if (after && !this.isNewer(after, order)) {
      return;
    }
    const last = orders[this.most - 1];
    if (last && this.isNewer(this.keyOf(last), order)) {
      return;
    }
    orders.splice(this.placeOf(order), 0, order);
    orders.length = Math.min(orders.length, this.most);
  }

  /** By halves. */
  private placeOf(order: VisitedOrder): number {
    let [low, high] = [0, this.orders.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isNewer(this.keyOf(this.orders[middle]!), order)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private isNewer(one: { time: number; id: bigint }, order: VisitedOrder): boolean {
    return one.time === order.time ? one.id > this.past.idAt(order.place) : one.time > order.time;
  }

  private keyOf({ time, place }: VisitedOrder): { time: number; id: bigint } {
    return { time, id: this.past.idAt(place) };
  }
}

function answerOf(past: PastOrders, { place, time, cost, payment }: VisitedOrder): ListedOrder {
  return {
    order_id: new LosslessNumber(String(past.idAt(place))),
    ordered_at: sourceTime(time),
    restaurant: past.restaurantAt(place),
    status: past.statusAt(place),
    cost: new LosslessNumber(moneyText(cost)),
    payment: new LosslessNumber(moneyText(payment)),
  };
}
