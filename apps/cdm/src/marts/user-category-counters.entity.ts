import { Mart, NameOf, Of, RowNumber, Sum } from './declare-mart';

@Mart(
  'user_category_counters',
  ['user', 'category'],
  'Сколько закрытых заказов (CLOSED) гостя с блюдом из категории / Distinct CLOSED orders of a user with a product of a category',
)
export class UserCategoryCounter {
  @RowNumber()
  id!: string;

  @Of('user')
  user_id!: string;

  @Of('category')
  category_id!: string;

  @NameOf('category')
  category_name!: string;

  @Sum('closedOrders')
  order_cnt!: number;
}
