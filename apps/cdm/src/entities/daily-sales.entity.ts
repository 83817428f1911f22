import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'cdm', name: 'daily_sales', comment: 'Orders and money of a restaurant on a day' })
@Check('daily_sales_order_cnt_check', 'order_cnt > 0')
@Check('daily_sales_closed_order_cnt_check', 'closed_order_cnt >= 0')
@Check('daily_sales_cost_check', 'cost >= 0')
@Check('daily_sales_payment_check', 'payment >= 0')
export class DailySales {
  @PrimaryColumn({ type: 'date', comment: "Day on which the orders were made, in the source's time zone" })
  day!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the restaurant' })
  restaurant_id!: string;

  @Column({ type: 'integer', comment: 'Distinct orders, whatever their status' })
  order_cnt!: number;

  @Column({ type: 'integer', comment: 'Distinct CLOSED orders' })
  closed_order_cnt!: number;

  @Column({ type: 'numeric', precision: 24, scale: 5, comment: 'Cost of the CLOSED orders' })
  cost!: string;

  @Column({ type: 'numeric', precision: 24, scale: 5, comment: 'What was paid for the CLOSED orders' })
  payment!: string;
}
