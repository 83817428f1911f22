import { HashKey, Link, Parent, UserRow } from '@app/data-vault/declare';
import { keyDigest, type Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { EnrichedOrder } from '../order/read-staged-order';
import { HOrder } from './h-order.entity';
import { HUser } from './h-user.entity';

@Link(
  'l_order_user',
  'Линк: гость, который сделал заказ; он не меняется / Link: the user of an order; it never changes',
  { drivingKey: 'h_order_pk' },
)
export class LOrderUser extends UserRow {
  @HashKey('Хеш-ключ линка / Hash key of the link')
  hk_order_user_pk!: Digest;

  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @Parent(() => HUser, 'Хеш-ключ гостя / Hash key of the user')
  h_user_pk!: Digest;
}

export const orderUser = rowsOf(LOrderUser, ({ keys, staged }: EnrichedOrder) => [
  {
    hk_order_user_pk: keyDigest('l_order_user', keys.orderId, staged.payload.user.id),
    h_order_pk: keys.order.digest,
    h_user_pk: keys.user.digest,
  },
]);
