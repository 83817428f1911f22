import { Field, View } from '@app/data-vault/columns';

@View(
  'dds.order_line_current',
  'Позиции новейшей версии каждого заказа / The lines of the newest version of every order',
)
export class OrderLineCurrent {
  @Field('uuid', 'Хеш-ключ заказа / Hash key of the order')
  h_order_pk!: string;

  @Field('bigint', 'Id заказа в источнике / Id of the order at the source')
  order_id!: string;

  @Field('text', 'Новейшая версия заказа / The newest version of the order', {
    collation: 'C',
    personal: false,
  })
  order_version!: string;

  @Field('integer', 'Номер позиции в заказе, с 1 / Place of the line in the order, from 1')
  line!: number;

  @Field('uuid', 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: string;

  @Field('text', 'Название блюда в заказе / Name of the product in the order', { personal: false })
  name!: string;

  @Field('numeric', 'Цена одной порции / Price of one portion', { precision: 19, scale: 5 })
  price!: string;

  @Field('bigint', 'Количество порций / Number of portions')
  quantity!: string;

  @Field('text', 'Категория, которой обогащена версия / Category that the version was enriched with', {
    personal: false,
  })
  category_name!: string;
}
