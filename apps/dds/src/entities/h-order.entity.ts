import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'h_order', comment: 'Hub of orders' })
@Unique('h_order_order_id_key', ['order_id'])
export class HOrder extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @Column({ type: 'bigint', comment: 'Business key: id of the order at the source' })
  order_id!: string;

  @Column({ type: 'timestamp', comment: 'When the order was made, as in the version that was loaded first' })
  order_dt!: string;
}
