import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'category_popularity',
  comment: 'How many distinct CLOSED orders, and users of such, have a product of a category',
})
@Check('category_popularity_order_cnt_check', 'order_cnt > 0')
@Check('category_popularity_user_cnt_check', 'user_cnt >= 0')
export class CategoryPopularity {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the category' })
  category_id!: string;

  @Column({ type: 'text', comment: 'Name of the category' })
  category_name!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  order_cnt!: number;

  @Column({ type: 'integer', comment: 'Distinct users of these orders' })
  user_cnt!: number;
}
