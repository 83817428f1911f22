import { HashKey, Link, Parent, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { EnrichedOrder } from '../order/read-staged-order';
import { HOrder } from './h-order.entity';
import { HProduct } from './h-product.entity';

@Link(
  'l_order_product',
  'Линк: блюдо было в какой-либо версии заказа / Link: a product was in some version of an order',
)
export class LOrderProduct extends UserRow {
  @HashKey('Хеш-ключ линка / Hash key of the link')
  hk_order_product_pk!: Digest;

  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @Parent(() => HProduct, 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: Digest;
}

export const orderProduct = rowsOf(LOrderProduct, ({ keys }: EnrichedOrder) =>
  Array.from(keys.orderProducts, ([productId, link]) => ({
    hk_order_product_pk: link,
    h_order_pk: keys.order.digest,
    h_product_pk: keys.products.get(productId)!.digest,
  })),
);
