import { Check } from 'typeorm/decorator/Check.js';
import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table(
  'cdm.order_versions',
  'Реестр: что учтено в витринах по каждому заказу, благодаря ему счёт точен / The ledger: what the marts count for each order, so that counting is exact',
  {
    place: { spreadBy: 'user_id' },
  },
)
@Index('order_versions_user', ['user_id', 'order_dt'])
@Index('order_versions_change', ['change_id'])
@Index('order_versions_time', ['order_dt'])
@Index('order_versions_restaurant', ['restaurant_id', 'order_dt'])
@Check('order_versions_pairs_check', 'cardinality(product_ids) = cardinality(category_ids)')
@Check(
  'order_versions_lines_check',
  'cardinality(amounts) = cardinality(quantities) AND cardinality(quantities) IN (0, cardinality(product_ids))',
)
export class OrderVersion {
  @Field('uuid', 'Хеш-ключ заказа / Hash key of the order', { key: true })
  order_id!: string;

  @Field('bigint', 'Id заказа в источнике / Id of the order at the source', { unique: true })
  object_id!: string;

  @Field(
    'text',
    'Новейшая версия заказа, учтённая в витринах / The newest version of the order that the marts have counted',
    {
      collation: 'C',
      personal: false,
    },
  )
  order_version!: string;

  @Field('uuid', 'Хеш-ключ гостя / Hash key of the user')
  user_id!: string;

  @Field('uuid', 'Хеш-ключ ресторана / Hash key of the restaurant')
  restaurant_id!: string;

  @Field(
    'text',
    'Статус заказа; считаются только закрытые (CLOSED) / Status of the order; only CLOSED orders are counted',
    { personal: false },
  )
  status!: string;

  @Field(
    'timestamp',
    "Когда сделан заказ, в часовом поясе источника / Time of the order, in the source's time zone",
  )
  order_dt!: string;

  @Field('numeric', 'Стоимость заказа / Cost of the order', { precision: 19, scale: 5 })
  cost!: string;

  @Field('numeric', 'Сколько заплатил гость / Payment of the user', { precision: 19, scale: 5 })
  payment!: string;

  @Field('uuid', 'Хеш-ключи блюд, каждое один раз / Hash keys of the products, each once', { array: true })
  product_ids!: string[];

  @Field(
    'uuid',
    'Хеш-ключ категории блюда с тем же номером в product_ids / Hash key of the category of the product at the same place in product_ids',
    { array: true },
  )
  category_ids!: string[];

  @Field(
    'numeric',
    'Сколько порций блюда с тем же номером заказано; пусто: ещё не известно / Portions of the product at the same place; empty: not known yet',
    {
      array: true,
      // Of what cdm of release 0.1 writes, which does not know the column.
      default: () => 'cdm.hold_back()',
    },
  )
  quantities!: string[];

  @Field(
    'numeric',
    'Цена, умноженная на количество, по блюду с тем же номером / Price times quantity of the product at the same place',
    { array: true },
  )
  amounts!: string[];

  @Field(
    'bigint',
    'Транзакция, которая записала строку: по ней копия реестра находит новое / Transaction that wrote the row: by it a copy of the ledger finds what is new',
    {
      isAdded: true,
      default: () => 'cdm.current_change()',
    },
  )
  change_id!: string;

  @Field('timestamptz', 'Когда загружена строка / When the row was loaded', {
    isAdded: true,
    default: () => 'now()',
  })
  load_dt!: Date;
}
