import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HOrder } from './h-order.entity';
import { HProduct } from './h-product.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 'l_order_product',
  comment: 'Link: a product was in some version of an order',
})
@Unique('l_order_product_key', ['h_order_pk', 'h_product_pk'])
export class LOrderProduct extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_order_product_pk!: string;

  @ForeignKey(() => HOrder, { name: 'l_order_product_h_order_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the order' })
  h_order_pk!: string;

  @ForeignKey(() => HProduct, { name: 'l_order_product_h_product_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;
}
