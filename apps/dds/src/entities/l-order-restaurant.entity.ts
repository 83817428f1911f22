import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HOrder } from './h-order.entity';
import { HRestaurant } from './h-restaurant.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 'l_order_restaurant',
  comment: 'Link: the restaurant of an order; it never changes',
})
@Unique('l_order_restaurant_h_order_pk_key', ['h_order_pk'])
export class LOrderRestaurant extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_order_restaurant_pk!: string;

  @ForeignKey(() => HOrder, { name: 'l_order_restaurant_h_order_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @ForeignKey(() => HRestaurant, { name: 'l_order_restaurant_h_restaurant_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;
}
