import { Field } from '@app/data-vault/columns';
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
  's_order_details',
  'Сателлит h_order: остальные поля заказа, строка на версию заказа / Satellite of h_order: the other fields of an order, one row per order version',
)
export class SOrderDetails extends UserRow {
  @Parent(() => HOrder, 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: Digest;

  @OrderVersion()
  order_version!: string;

  @Field('text', 'Статус заказа в этой версии / Status of the order in this version', { personal: false })
  final_status!: string;

  @Field('timestamp', 'Когда сделан заказ, по этой версии / Time of the order in this version')
  order_dt!: string;

  @Field('timestamp', 'Когда источник отправил версию / When the source sent the version')
  sent_dttm!: string;

  @Money('Оплачено бонусами / Paid with bonuses')
  bonus_payment!: string;

  @Money('Начислено бонусов / Bonuses granted')
  bonus_grant!: string;

  @ValidFrom('update_ts этой версии / update_ts of the version')
  valid_from!: string;

  @Hashdiff(
    'Дайджест final_status, order_dt, sent_dttm, bonus_payment и bonus_grant / Digest of final_status, order_dt, sent_dttm, bonus_payment and bonus_grant',
  )
  hk_order_details_hashdiff!: Digest;
}

export const orderDetails = rowsOf(
  SOrderDetails,
  ({ staged: { payload, sent_dttm }, keys }: EnrichedOrder) => [
    {
      h_order_pk: keys.order.digest,
      order_version: payload.order_version,
      final_status: payload.status,
      order_dt: canonicalTime(payload.date)!,
      sent_dttm: canonicalTime(sent_dttm)!,
      bonus_payment: decimalText(payload.bonus_payment)!,
      bonus_grant: decimalText(payload.bonus_grant)!,
      valid_from: canonicalTime(payload.update_ts)!,
    },
  ],
);
