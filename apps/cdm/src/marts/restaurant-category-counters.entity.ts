import { Mart, NameOf, Of, RowNumber, Sum } from './declare-mart';

@Mart(
  'restaurant_category_counters',
  ['restaurant', 'category'],
  'Сколько закрытых заказов (CLOSED) ресторана с блюдом из категории / Distinct CLOSED orders at a restaurant with a product of a category',
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
