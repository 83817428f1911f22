import { Mart, NameOf, Of, Sum, Users } from './declare-mart';
import { UserCategoryCounter } from './user-category-counters.entity';

@Mart(
  'category_popularity',
  ['category'],
  'How many distinct CLOSED orders, and users of such, have a product of a category',
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
