import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity({
  schema: 'cdm',
  name: 'restaurant_category_counters',
  comment: 'How many distinct CLOSED orders at a restaurant contain a product of a category',
})
@Unique('restaurant_category_counters_key', ['restaurant_id', 'category_id'])
@Check('restaurant_category_counters_order_cnt_check', 'order_cnt > 0')
export class RestaurantCategoryCounter {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    comment: 'Number of the row',
  })
  id!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  restaurant_id!: string;

  @Column({ type: 'text', comment: 'Newest name of the restaurant' })
  restaurant_name!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the category' })
  category_id!: string;

  @Column({ type: 'text', comment: 'Name of the category' })
  category_name!: string;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  order_cnt!: number;
}
