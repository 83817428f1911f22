import { Mart, NameOf, Of, RowNumber, Sum } from './declare-mart';

@Mart(
  'user_product_counters',
  ['product', 'user'],
  'Сколько закрытых заказов (CLOSED) гостя с блюдом / Distinct CLOSED orders of a user with a product',
)
export class UserProductCounter {
  @RowNumber()
  id!: string;

  @Of('user')
  user_id!: string;

  @Of('product')
  product_id!: string;

  @NameOf('product')
  product_name!: string;

  @Sum('closedOrders')
  order_cnt!: number;
}
