import { Field } from '@app/data-vault/columns';
import { BusinessKey, HashKey, Hub, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import { canonicalTime } from '@app/values/source-time';
import type { EnrichedOrder } from '../order/read-staged-order';

@Hub('h_order', 'Хаб заказов / Hub of orders')
export class HOrder extends UserRow {
  @HashKey('Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @BusinessKey('bigint', 'Бизнес-ключ: id заказа в источнике / Business key: id of the order at the source')
  order_id!: string;

  @Field(
    'timestamp',
    'Когда сделан заказ, по версии, загруженной первой / Time of the order, from the version that was loaded first',
  )
  order_dt!: string;
}

export const orderHub = rowsOf(HOrder, ({ staged, keys }: EnrichedOrder) => [
  {
    h_order_pk: keys.order.digest,
    order_id: keys.orderId,
    order_dt: canonicalTime(staged.payload.date)!,
  },
]);
