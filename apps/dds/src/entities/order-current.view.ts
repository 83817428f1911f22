import { Column, ViewEntity } from 'typeorm';

/** The newest version of every order. (`@Column`, because `@ViewColumn` has neither type nor comment.) */
@ViewEntity({ schema: 'dds', name: 'order_current', synchronize: false })
export class OrderCurrent {
  @Column({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @Column({ type: 'bigint', comment: 'Id of the order at the source' })
  order_id!: string;

  @Column({ type: 'text', collation: 'C', comment: 'The newest version' })
  order_version!: string;

  @Column({ type: 'text', comment: 'Status of the order' })
  final_status!: string;

  @Column({ type: 'timestamp', comment: 'When the order was made' })
  order_dt!: string;

  @Column({ type: 'timestamp', comment: 'When the source sent the version' })
  sent_dttm!: string;

  @Column({ type: 'timestamp', comment: 'update_ts of the version' })
  valid_from!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Cost of the order' })
  cost!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'What the user paid' })
  payment!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Paid with bonuses' })
  bonus_payment!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Bonuses granted' })
  bonus_grant!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;

  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;
}
