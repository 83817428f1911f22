import { decimalText } from '@app/values/exact-number';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { keyDigest, type Digest } from '@app/data-vault/hash-key';
import { hubKey, newHubKey, type HubKey } from './hub-key';

/** Business keys and hash keys of what an order touches. */
export interface OrderKeys {
  orderId: string;
  order: HubKey;
  user: HubKey;
  restaurant: HubKey;
  /** By product id. */
  products: Map<string, HubKey>;
  /** Of the links between the order and its products, by product id. */
  orderProducts: Map<string, Digest>;
  /** By category name. */
  categories: Map<string, HubKey>;
}

export function orderKeys({ object_id, payload }: StagedOrder): OrderKeys {
  const orderId = decimalText(object_id)!;
  const products = new Map<string, HubKey>();
  const orderProducts = new Map<string, Digest>();
  const categories = new Map<string, HubKey>();
  for (const { id, category } of payload.products) {
    if (!products.has(id)) {
      products.set(id, hubKey('h_product', id));
      orderProducts.set(id, keyDigest('l_order_product', orderId, id));
    }
    if (!categories.has(category)) {
      categories.set(category, hubKey('h_category', category));
    }
  }
  return {
    orderId,
    order: newHubKey('h_order', orderId),
    user: hubKey('h_user', payload.user.id),
    restaurant: hubKey('h_restaurant', payload.restaurant.id),
    products,
    orderProducts,
    categories,
  };
}
