import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HOrder } from './h-order.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_order_cost',
  comment: 'Satellite of h_order: money, one row per order version',
})
@Check('s_order_cost_cost_check', 'cost >= 0')
@Check('s_order_cost_payment_check', 'payment >= 0')
export class SOrderCost extends VaultRow {
  @ForeignKey(() => HOrder, { name: 's_order_cost_h_order_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'The order version' })
  order_version!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Cost of the order' })
  cost!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'What the user paid' })
  payment!: string;

  @Column({ type: 'timestamp', comment: 'update_ts of the version' })
  valid_from!: string;

  @Column({ type: 'uuid', comment: 'Digest of cost and payment' })
  hk_order_cost_hashdiff!: string;
}
