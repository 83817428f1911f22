import { Mart, Of, Sum, Users } from './declare-mart';
import { UserProductCounter } from './user-product-counters.entity';

@Mart('product_popularity', ['product'], 'How many distinct CLOSED orders, and users of such, have a product')
export class ProductPopularity {
  @Of('product')
  product_id!: string;

  @Sum('closedOrders')
  order_cnt!: number;

  @Users(UserProductCounter)
  user_cnt!: number;
}
