import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'user_product_counters',
  comment: 'How many distinct CLOSED orders of a user contain a product',
})
@Unique('user_product_counters_key', ['product_id', 'user_id'])
@Check('user_product_counters_order_cnt_check', 'order_cnt > 0')
export class UserProductCounter {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    comment: 'Number of the row',
  })
  id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  product_id!: string;

  @Column({ type: 'text', comment: 'Newest name of the product' })
  product_name!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  order_cnt!: number;
}
