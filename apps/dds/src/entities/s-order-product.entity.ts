import { Field } from '@app/data-vault/columns';
import {
  Count,
  Hashdiff,
  Money,
  OrderVersion,
  Parent,
  Satellite,
  SubSequence,
  ValidFrom,
  UserRow,
} from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import { decimalText } from '@app/values/exact-number';
import { canonicalTime } from '@app/values/source-time';
import type { EnrichedOrder } from '../order/read-staged-order';
import { LOrderProduct } from './l-order-product.entity';

@Satellite(
  's_order_product',
  'Мультиактивный сателлит l_order_product: позиции заказа, строка на версию заказа и позицию / Multi-active satellite of l_order_product: the lines of an order, one row per order version and line',
)
export class SOrderProduct extends UserRow {
  @Parent(() => LOrderProduct, 'Хеш-ключ линка / Hash key of the link')
  hk_order_product_pk!: Digest;

  @OrderVersion()
  order_version!: string;

  @SubSequence('Номер позиции в заказе, с 1 / Place of the line in the order, from 1')
  line!: number;

  @Field('text', 'Название блюда в заказе / Name of the product in the order', { personal: false })
  name!: string;

  @Money('Цена одной порции / Price of one portion')
  price!: string;

  @Count('Количество порций / Number of portions')
  quantity!: string;

  @Field('text', 'Категория, которой обогащена версия / Category that the version was enriched with', {
    personal: false,
  })
  category_name!: string;

  @ValidFrom('update_ts этой версии / update_ts of the version')
  valid_from!: string;

  @Hashdiff(
    'Дайджест name, price, quantity и category_name / Digest of name, price, quantity and category_name',
  )
  hk_order_product_hashdiff!: Digest;
}

export const orderLines = rowsOf(SOrderProduct, ({ staged: { payload }, keys }: EnrichedOrder) =>
  payload.products.map(({ id, price, quantity, ordered_name, category }, place) => ({
    hk_order_product_pk: keys.orderProducts.get(id)!,
    order_version: payload.order_version,
    line: place + 1,
    name: ordered_name,
    price: decimalText(price)!,
    quantity: decimalText(quantity)!,
    category_name: category,
    valid_from: canonicalTime(payload.update_ts)!,
  })),
);
