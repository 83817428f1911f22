import { Mart, NameOf, Of, RowNumber, Sum } from './declare-mart';

@Mart(
  'user_category_counters',
  ['user', 'category'],
  'How many distinct CLOSED orders of a user contain a product of a category',
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
