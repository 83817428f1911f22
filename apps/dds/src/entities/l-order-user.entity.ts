import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HOrder } from './h-order.entity';
import { HUser } from './h-user.entity';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'l_order_user', comment: 'Link: the user of an order; it never changes' })
@Unique('l_order_user_h_order_pk_key', ['h_order_pk'])
export class LOrderUser extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_order_user_pk!: string;

  @ForeignKey(() => HOrder, { name: 'l_order_user_h_order_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @ForeignKey(() => HUser, { name: 'l_order_user_h_user_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the user' })
  h_user_pk!: string;
}
