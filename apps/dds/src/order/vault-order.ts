import type { StagedOrder } from '@app/contracts/staged-order.contract';
import type { VaultCategory, VaultOrder, VaultProduct } from '@app/contracts/vault-order.contract';
import type { OrderKeys } from './order-keys';

/** `dds-service-orders` as it is sent: records are objects by hash key. */
export type OutgoingVaultOrder = Omit<VaultOrder, 'payload'> & {
  payload: Omit<VaultOrder['payload'], 'categories' | 'products'> & {
    categories: Record<string, VaultCategory>;
    products: Record<string, VaultProduct>;
  };
};

/** What the marts need of an order version: a product or category counts once, however many lines it has. */
export function vaultOrder(
  { object_id, object_type, sent_dttm, payload }: StagedOrder,
  keys: OrderKeys,
): OutgoingVaultOrder {
  const categories: Record<string, VaultCategory> = {};
  const products: Record<string, VaultProduct> = {};
  for (const { id, name, category, price, quantity, valid_from } of payload.products) {
    const category_id = keys.categories.get(category)!.text;
    categories[category_id] ??= { category_name: category, order_cnt: 1 };
    const product_id = keys.products.get(id)!.text;
    products[product_id] ??= {
      product_name: name,
      order_cnt: 1,
      valid_from,
      category_id,
      lines: [],
    };
    products[product_id]!.lines.push({ price, quantity });
  }
  return {
    object_id,
    object_type,
    sent_dttm,
    payload: {
      order_id: keys.order.text,
      order_version: payload.order_version,
      status: payload.status,
      date: payload.date,
      cost: payload.cost,
      payment: payload.payment,
      user_id: keys.user.text,
      source_user_id: payload.user.id,
      restaurant: {
        id: keys.restaurant.text,
        name: payload.restaurant.name,
        valid_from: payload.restaurant.valid_from,
      },
      categories,
      products,
    },
  };
}
