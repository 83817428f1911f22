import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'user_category_counters',
  comment: 'How many distinct CLOSED orders of a user contain a product of a category',
})
@Unique('user_category_counters_key', ['user_id', 'category_id'])
@Check('user_category_counters_order_cnt_check', 'order_cnt > 0')
export class UserCategoryCounter {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    comment: 'Number of the row',
  })
  id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  user_id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the category' })
  category_id!: string;

  @Column({ type: 'text', comment: 'Name of the category' })
  category_name!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  order_cnt!: number;
}
