import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'order_versions',
  comment: 'What the marts hold of each order: the ledger that makes counting exact',
})
@Unique('order_versions_object_id_key', ['object_id'])
@Index('order_versions_user', ['user_id', 'order_dt'])
@Index('order_versions_change', ['change_id'])
@Index('order_versions_time', ['order_dt'])
@Index('order_versions_restaurant', ['restaurant_id', 'order_dt'])
@Check('order_versions_pairs_check', 'cardinality(product_ids) = cardinality(category_ids)')
export class OrderVersion {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the order' })
  order_id!: string;

  @Column({ type: 'bigint', comment: 'Id of the order at the source' })
  object_id!: string;

  @Column({
    type: 'text',
    collation: 'C',
    comment: 'The newest version of the order that the marts have seen',
  })
  order_version!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  restaurant_id!: string;

  @Column({ type: 'text', comment: 'Status of the order; only CLOSED orders are counted' })
  status!: string;

  @Column({ type: 'timestamp', comment: "When the order was made, in the source's time zone" })
  order_dt!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Cost of the order' })
  cost!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'What the user paid' })
  payment!: string;

  @Column({ type: 'uuid', array: true, comment: 'Hash keys of the products, each once' })
  product_ids!: string[];

  @Column({
    type: 'uuid',
    array: true,
    comment: 'Hash key of the category of the product at the same place in product_ids',
  })
  category_ids!: string[];

  @Column({
    type: 'bigint',
    default: () => 'cdm.current_change()',
    comment: 'Transaction that wrote the row: who keeps a copy of the ledger finds by it what is new',
  })
  change_id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()', comment: 'When the row was loaded' })
  load_dt!: Date;
}
