import { Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, UserRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import { canonicalTime } from '@app/values/source-time';
import type { EnrichedOrder } from '../order/read-staged-order';
import { HOrder } from './h-order.entity';

@Satellite(
  's_order_status',
  'Сателлит h_order: история статусов от источника / Satellite of h_order: the history of statuses from the source',
)
export class SOrderStatus extends UserRow {
  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @Field(
    'text',
    'OPEN, COOKING, DELIVERING, CLOSED или CANCELLED / OPEN, COOKING, DELIVERING, CLOSED or CANCELLED',
    { personal: false },
  )
  status!: string;

  @ValidFrom('Когда заказ получил статус в источнике / When the order took the status at the source')
  valid_from!: string;

  @Hashdiff('Дайджест статуса / Digest of the status')
  hk_order_status_hashdiff!: Digest;
}

export const orderStatus = rowsOf(SOrderStatus, ({ staged, keys }: EnrichedOrder) =>
  staged.payload.statuses.map(({ status, dttm }) => ({
    h_order_pk: keys.order.digest,
    status,
    valid_from: canonicalTime(dttm)!,
  })),
);
