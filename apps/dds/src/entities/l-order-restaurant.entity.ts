import { HashKey, Link, Parent, UserRow } from '@app/data-vault/declare';
import { keyDigest, type Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { EnrichedOrder } from '../order/read-staged-order';
import { HOrder } from './h-order.entity';
import { HRestaurant } from './h-restaurant.entity';

@Link(
  'l_order_restaurant',
  'Линк: ресторан заказа, он не меняется / Link: the restaurant of an order; it never changes',
  {
    drivingKey: 'h_order_pk',
  },
)
export class LOrderRestaurant extends UserRow {
  @HashKey('Хеш-ключ линка / Hash key of the link')
  hk_order_restaurant_pk!: Digest;

  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @Parent(() => HRestaurant, 'Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: Digest;
}

export const orderRestaurant = rowsOf(LOrderRestaurant, ({ keys, staged }: EnrichedOrder) => [
  {
    hk_order_restaurant_pk: keyDigest('l_order_restaurant', keys.orderId, staged.payload.restaurant.id),
    h_order_pk: keys.order.digest,
    h_restaurant_pk: keys.restaurant.digest,
  },
]);
