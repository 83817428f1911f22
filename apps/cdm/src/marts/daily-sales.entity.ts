import { Mart, Of, Sum } from './declare-mart';

@Mart(
  'daily_sales',
  ['day', 'restaurant'],
  'Заказы и деньги ресторана за день / Orders and money of a restaurant on a day',
)
export class DailySales {
  @Of('day')
  day!: string;

  @Of('restaurant')
  restaurant_id!: string;

  @Sum('orders')
  order_cnt!: number;

  @Sum('closedOrders')
  closed_order_cnt!: number;

  @Sum('cost')
  cost!: string;

  @Sum('payment')
  payment!: string;
}
