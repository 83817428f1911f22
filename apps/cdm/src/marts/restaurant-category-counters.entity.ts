import { Mart, NameOf, Of, RowNumber, Sum } from './declare-mart';

@Mart(
  'restaurant_category_counters',
  ['restaurant', 'category'],
  'How many distinct CLOSED orders at a restaurant contain a product of a category',
)
export class RestaurantCategoryCounter {
  @RowNumber()
  id!: string;

  @Of('restaurant')
  restaurant_id!: string;

  @NameOf('restaurant')
  restaurant_name!: string;

  @Of('category')
  category_id!: string;

  @NameOf('category')
  category_name!: string;

  @Sum('closedOrders')
  order_cnt!: number;
}
