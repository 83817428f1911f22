import { decimalText } from '@app/contracts/exact-number';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { hashKey } from '@app/data-vault/hash-key';
import { hubKey } from './hub-key';

/** Business keys and hash keys of the hubs that an order touches. */
export interface OrderKeys {
  orderId: string;
  order: string;
  user: string;
  restaurant: string;
  /** By dish id. */
  products: Map<string, string>;
  /** By category name. */
  categories: Map<string, string>;
}

export function orderKeys({ object_id, payload }: StagedOrder): OrderKeys {
  const orderId = decimalText(object_id)!;
  const products = new Map<string, string>();
  const categories = new Map<string, string>();
  for (const { id, category } of payload.products) {
    if (!products.has(id)) {
      products.set(id, hubKey('h_product', id));
    }
    if (!categories.has(category)) {
      categories.set(category, hubKey('h_category', category));
    }
  }
  return {
    orderId,
    order: hashKey('h_order', orderId),
    user: hubKey('h_user', payload.user.id),
    restaurant: hubKey('h_restaurant', payload.restaurant.id),
    products,
    categories,
  };
}
