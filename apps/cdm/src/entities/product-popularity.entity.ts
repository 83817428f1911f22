import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'product_popularity',
  comment: 'How many distinct CLOSED orders, and users of such, have a product',
})
@Check('product_popularity_order_cnt_check', 'order_cnt > 0')
@Check('product_popularity_user_cnt_check', 'user_cnt >= 0')
export class ProductPopularity {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the product' })
  product_id!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  order_cnt!: number;

  @Column({ type: 'integer', comment: 'Distinct users of these orders' })
  user_cnt!: number;
}
