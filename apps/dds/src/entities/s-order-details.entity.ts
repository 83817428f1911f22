import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HOrder } from './h-order.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_order_details',
  comment: 'Satellite of h_order: the rest of an order, one row per order version',
})
@Check('s_order_details_bonus_grant_check', 'bonus_grant >= 0')
@Check('s_order_details_bonus_payment_check', 'bonus_payment >= 0')
export class SOrderDetails extends VaultRow {
  @ForeignKey(() => HOrder, { name: 's_order_details_h_order_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'The order version' })
  order_version!: string;

  @Column({ type: 'text', comment: 'Status of the order in this version' })
  final_status!: string;

  @Column({ type: 'timestamp', comment: 'When the order was made, as this version tells' })
  order_dt!: string;

  @Column({ type: 'timestamp', comment: 'When the source sent the version' })
  sent_dttm!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Paid with bonuses' })
  bonus_payment!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Bonuses granted' })
  bonus_grant!: string;

  @Column({ type: 'timestamp', comment: 'update_ts of the version' })
  valid_from!: string;

  @Column({
    type: 'uuid',
    comment: 'Digest of final_status, order_dt, sent_dttm, bonus_payment and bonus_grant',
  })
  hk_order_details_hashdiff!: string;
}
