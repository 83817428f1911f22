import type { OrderStatus } from '@app/contracts/contract-rules';
import type { Dish, Kopecks, Restaurant, User } from './dictionary';
import { formatSourceTime, type SourceTime } from './source-time';

export interface StatusMoment {
  status: OrderStatus;
  at: SourceTime;
}

export interface OrderLine {
  dish: Dish;
  /** Of one piece, as ordered; a correction may differ from the menu. */
  price: Kopecks;
  quantity: number;
}

/** One state of one order, with all that the source says about it. */
export interface OrderVersion {
  orderId: bigint;
  user: User;
  restaurant: Restaurant;
  lines: readonly OrderLine[];
  /** The newest first, never empty. */
  statuses: readonly [StatusMoment, ...StatusMoment[]];
  bonusPayment: Kopecks;
  bonusGrant: Kopecks;
  updatedAt: SourceTime;
  sentAt: SourceTime;
}

export function orderCost({ lines }: Pick<OrderVersion, 'lines'>): Kopecks {
  return lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}

/**
 * The message of an order version, as the source writes it. The order's `date` is the moment of its newest status.
 * An `orderId` may be greater than JavaScript's numbers can hold, hence it is written as text.
 */
export function orderText(version: OrderVersion): string {
  const { orderId, restaurant, user, lines, statuses, bonusPayment, bonusGrant, updatedAt, sentAt } = version;
  const cost = orderCost(version);
  const payload = {
    restaurant: { id: restaurant.id },
    date: formatSourceTime(statuses[0].at),
    user: { id: user.id },
    order_items: lines.map(({ dish, price, quantity }) => ({
      id: dish.id,
      name: dish.name,
      price: roubles(price),
      quantity,
    })),
    bonus_payment: roubles(bonusPayment),
    cost: roubles(cost),
    payment: roubles(cost - bonusPayment),
    bonus_grant: roubles(bonusGrant),
    statuses: statuses.map(({ status, at }) => ({ status, dttm: formatSourceTime(at) })),
    final_status: statuses[0].status,
    update_ts: formatSourceTime(updatedAt),
  };
  return `{"object_id":${orderId},"object_type":"order","sent_dttm":"${formatSourceTime(sentAt)}","payload":${JSON.stringify(payload)}}`;
}

/** A division by 100 gives the number nearest to the decimal, and JSON writes that decimal again. */
export function roubles(kopecks: Kopecks): number {
  return kopecks / 100;
}
