import { Mart, Of, Sum, Users } from './declare-mart';
import { UserProductCounter } from './user-product-counters.entity';

@Mart(
  'product_popularity',
  ['product'],
  'Сколько закрытых заказов (CLOSED) с блюдом и у скольких гостей / Distinct CLOSED orders with a product, and their users',
)
export class ProductPopularity {
  @Of('product')
  product_id!: string;

  @Sum('closedOrders')
  order_cnt!: number;

  @Users(UserProductCounter)
  user_cnt!: number;
}
