import {
  Hashdiff,
  Money,
  OrderVersion,
  Parent,
  Satellite,
  ValidFrom,
  UserRow,
} from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import { decimalText } from '@app/values/exact-number';
import { canonicalTime } from '@app/values/source-time';
import type { EnrichedOrder } from '../order/read-staged-order';
import { HOrder } from './h-order.entity';

@Satellite(
  's_order_cost',
  'Сателлит h_order: деньги, строка на версию заказа / Satellite of h_order: money, one row per order version',
)
export class SOrderCost extends UserRow {
  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @OrderVersion()
  order_version!: string;

  @Money('Стоимость заказа / Cost of the order')
  cost!: string;

  @Money('Сколько заплатил гость / Payment of the user')
  payment!: string;

  @ValidFrom('update_ts этой версии / update_ts of the version')
  valid_from!: string;

  @Hashdiff('Дайджест cost и payment / Digest of cost and payment')
  hk_order_cost_hashdiff!: Digest;
}

export const orderCost = rowsOf(SOrderCost, ({ staged: { payload }, keys }: EnrichedOrder) => [
  {
    h_order_pk: keys.order.digest,
    order_version: payload.order_version,
    cost: decimalText(payload.cost)!,
    payment: decimalText(payload.payment)!,
    valid_from: canonicalTime(payload.update_ts)!,
  },
]);
