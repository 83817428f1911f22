import { describe, expect, it } from 'vitest';
import { makeDictionary } from './dictionary';
import { orderHistory } from './order-history';
import { listLine } from './order-list';

const dictionary = makeDictionary({ seed: 1 });
const end = Date.UTC(2024, 4, 1, 12);
const messages = [...orderHistory({ dictionary, seed: 1, orders: 1_000, end, firstOrderId: 1 })];

describe('listLine', () => {
  it('has of every order version what its message says, and the categories of its dishes', () => {
    const categories = new Map(
      dictionary.restaurants.items.flatMap(({ dishes }) =>
        dishes.items.map((dish) => [dish.id, dish.category]),
      ),
    );
    for (const message of messages.filter((sent) => 'version' in sent)) {
      const { sent_dttm: sentAt, payload } = JSON.parse(message.text);
      expect(JSON.parse(listLine(message))).toEqual({
        reason: message.reason,
        object_id: /\d+/.exec(message.text)![0],
        update_ts: payload.update_ts,
        sent_dttm: sentAt,
        date: payload.date,
        final_status: payload.final_status,
        user_id: payload.user.id,
        restaurant_id: payload.restaurant.id,
        cost: payload.cost,
        payment: payload.payment,
        items: payload.order_items.map(
          ({ id, price, quantity }: { id: string; price: number; quantity: number }) => ({
            id,
            price,
            quantity,
            category: categories.get(id),
          }),
        ),
      });
    }
  });

  it('has of any other message what is special about it', () => {
    const noise = messages.flatMap((sent) => ('version' in sent ? [] : sent));
    expect(noise.length).toBeGreaterThan(0);
    for (const message of noise) {
      expect(JSON.parse(listLine(message))).toEqual({ reason: message.reason, form: message.form });
    }
  });
});
