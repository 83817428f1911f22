import { hashKey } from './hash-key';
import type { Order } from './source-message';
import { shortTime } from './source-time';
import type { Enrichment } from './staging';

/** A number by its digits. */
class Decimal {
  constructor(readonly text: string) {}
}

type Value = string | Decimal | null | Value[] | { [name: string]: Value };

/** JSON with members sorted and numbers as plain decimals, so that equal messages have equal texts. */
function encode(value: Value): string {
  if (value instanceof Decimal) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return `[${value.map(encode).join()}]`;
  }
  if (value === null || typeof value === 'string') {
    return JSON.stringify(value);
  }
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${encode(one)}`).join()}}`;
}

/** What `stg-service-orders` carries of an order version. */
export function stagedOrder(order: Order, { user, restaurant, dishes }: Enrichment): string {
  return encode({
    object_id: new Decimal(order.orderId),
    object_type: 'order',
    sent_dttm: shortTime(order.sentDttm),
    payload: {
      id: new Decimal(order.orderId),
      order_version: order.version,
      date: shortTime(order.date),
      update_ts: shortTime(order.updateTs),
      cost: new Decimal(order.cost),
      payment: new Decimal(order.payment),
      bonus_payment: new Decimal(order.bonusPayment),
      bonus_grant: new Decimal(order.bonusGrant),
      status: order.finalStatus,
      statuses: order.statuses.map(({ status, dttm }) => ({ status, dttm: shortTime(dttm) })),
      restaurant: {
        id: order.restaurantId,
        name: restaurant.content.name,
        valid_from: shortTime(restaurant.validFrom),
      },
      user: {
        id: order.userId,
        name: user.content.name,
        login: user.content.login,
        valid_from: shortTime(user.validFrom),
      },
      products: order.lines.map(({ id, name, price, quantity }, place) => {
        const { dish, entry } = dishes[place]!;
        return {
          id,
          price: new Decimal(price),
          quantity: new Decimal(quantity),
          name: dish.name,
          ordered_name: name,
          category: dish.category,
          valid_from: shortTime(entry.validFrom),
        };
      }),
    },
  });
}

/** What `dds-service-orders` carries of it: one member a dish and a category, however many lines. */
export function vaultOrder(order: Order, { restaurant, dishes }: Enrichment): string {
  const categories: Record<string, Value> = {};
  const products: Record<string, { [name: string]: Value; lines: Value[] }> = {};
  order.lines.forEach(({ id, price, quantity }, place) => {
    const { dish, entry } = dishes[place]!;
    const category = hashKey('h_category', dish.category);
    categories[category] = { category_name: dish.category, order_cnt: new Decimal('1') };
    const product = (products[hashKey('h_product', id)] ??= {
      product_name: dish.name,
      order_cnt: new Decimal('1'),
      valid_from: shortTime(entry.validFrom),
      category_id: category,
      lines: [],
    });
    product.lines.push({ price: new Decimal(price), quantity: new Decimal(quantity) });
  });
  return encode({
    object_id: new Decimal(order.orderId),
    object_type: 'order',
    sent_dttm: shortTime(order.sentDttm),
    payload: {
      order_id: hashKey('h_order', order.orderId),
      order_version: order.version,
      status: order.finalStatus,
      date: shortTime(order.date),
      cost: new Decimal(order.cost),
      payment: new Decimal(order.payment),
      user_id: hashKey('h_user', order.userId),
      source_user_id: order.userId,
      restaurant: {
        id: hashKey('h_restaurant', order.restaurantId),
        name: restaurant.content.name,
        valid_from: shortTime(restaurant.validFrom),
      },
      categories,
      products,
    },
  });
}
