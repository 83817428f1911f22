import { Check } from 'typeorm/decorator/Check.js';
import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.order_versions', 'What the marts hold of each order: the ledger that makes counting exact', {
  place: { spreadBy: 'user_id' },
})
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
  @Field('uuid', 'Hash key of the order', { key: true })
  order_id!: string;

  @Field('bigint', 'Id of the order at the source', { unique: true })
  object_id!: string;

  @Field('text', 'The newest version of the order that the marts have seen', {
    collation: 'C',
    personal: false,
  })
  order_version!: string;

  @Field('uuid', 'Hash key of the user')
  user_id!: string;

  @Field('uuid', 'Hash key of the restaurant')
  restaurant_id!: string;

  @Field('text', 'Status of the order; only CLOSED orders are counted', { personal: false })
  status!: string;

  @Field('timestamp', "When the order was made, in the source's time zone")
  order_dt!: string;

  @Field('numeric', 'Cost of the order', { precision: 19, scale: 5 })
  cost!: string;

  @Field('numeric', 'What the user paid', { precision: 19, scale: 5 })
  payment!: string;

  @Field('uuid', 'Hash keys of the products, each once', { array: true })
  product_ids!: string[];

  @Field('uuid', 'Hash key of the category of the product at the same place in product_ids', { array: true })
  category_ids!: string[];

  @Field('numeric', 'How many of the product at the same place were ordered; empty: not known yet', {
    array: true,
  })
  quantities!: string[];

  @Field('numeric', 'Price times quantity of the product at the same place', { array: true })
  amounts!: string[];

  @Field('bigint', 'Transaction that wrote the row: who keeps a copy of the ledger finds by it what is new', {
    isAdded: true,
    default: () => 'cdm.current_change()',
  })
  change_id!: string;

  @Field('timestamptz', 'When the row was loaded', { isAdded: true, default: () => 'now()' })
  load_dt!: Date;
}
