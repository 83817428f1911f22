import { orderCost, roubles } from './order';
import type { OrderMessage } from './order-message';
import { formatSourceTime } from './source-time';

/**
 * What was sent with one message, as one JSON line without its end: what a recount needs to know of an order version,
 * or of what was none. `object_id` is a text, so that no reader loses digits.
 */
export function listLine(message: OrderMessage): string {
  if (!('version' in message)) {
    return JSON.stringify({ reason: message.reason, form: message.form });
  }
  const { orderId, user, restaurant, lines, statuses, bonusPayment, updatedAt, sentAt } = message.version;
  const cost = orderCost(message.version);
  return JSON.stringify({
    reason: message.reason,
    object_id: String(orderId),
    update_ts: formatSourceTime(updatedAt),
    sent_dttm: formatSourceTime(sentAt),
    date: formatSourceTime(statuses[0].at),
    final_status: statuses[0].status,
    user_id: user.id,
    restaurant_id: restaurant.id,
    cost: roubles(cost),
    payment: roubles(cost - bonusPayment),
    items: lines.map(({ dish, price, quantity }) => ({
      id: dish.id,
      price: roubles(price),
      quantity,
      category: dish.category,
    })),
  });
}
