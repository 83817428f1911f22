import { Mart, NameOf, Of, Sum, Users } from './declare-mart';
import { UserCategoryCounter } from './user-category-counters.entity';

@Mart(
  'category_popularity',
  ['category'],
  'Сколько закрытых заказов (CLOSED) с блюдом из категории и у скольких гостей / Distinct CLOSED orders with a product of a category, and their users',
)
export class CategoryPopularity {
  @Of('category')
  category_id!: string;

  @NameOf('category')
  category_name!: string;

  @Sum('closedOrders')
  order_cnt!: number;

  @Users(UserCategoryCounter)
  user_cnt!: number;
}
