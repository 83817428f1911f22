import { Field, View } from '@app/data-vault/columns';

@View('dds.order_current', 'Новейшая версия каждого заказа / The newest version of every order')
export class OrderCurrent {
  @Field('uuid', 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: string;

  @Field('bigint', 'Id заказа в источнике / Id of the order at the source')
  order_id!: string;

  @Field('text', 'Новейшая версия / The newest version', { collation: 'C', personal: false })
  order_version!: string;

  @Field('text', 'Статус заказа / Status of the order', { personal: false })
  final_status!: string;

  @Field('timestamp', 'Когда сделан заказ / Time of the order')
  order_dt!: string;

  @Field('timestamp', 'Когда источник отправил версию / When the source sent the version')
  sent_dttm!: string;

  @Field('timestamp', 'update_ts этой версии / update_ts of the version')
  valid_from!: string;

  @Field('numeric', 'Стоимость заказа / Cost of the order', { precision: 19, scale: 5 })
  cost!: string;

  @Field('numeric', 'Сколько заплатил гость / Payment of the user', { precision: 19, scale: 5 })
  payment!: string;

  @Field('numeric', 'Оплачено бонусами / Paid with bonuses', { precision: 19, scale: 5 })
  bonus_payment!: string;

  @Field('numeric', 'Начислено бонусов / Bonuses granted', { precision: 19, scale: 5 })
  bonus_grant!: string;

  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user')
  h_user_pk!: string;

  @Field('uuid', 'Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: string;
}
