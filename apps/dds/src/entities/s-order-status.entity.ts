import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HOrder } from './h-order.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_order_status',
  comment: 'Satellite of h_order: the history of statuses that the source tells',
})
export class SOrderStatus extends VaultRow {
  @ForeignKey(() => HOrder, { name: 's_order_status_h_order_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @Column({ type: 'text', comment: 'OPEN, COOKING, DELIVERING, CLOSED or CANCELLED' })
  status!: string;

  @PrimaryColumn({ type: 'timestamp', comment: 'When the order took the status at the source' })
  valid_from!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Digest of the status' })
  hk_order_status_hashdiff!: string;
}
