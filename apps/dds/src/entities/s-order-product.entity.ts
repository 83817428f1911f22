import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { LOrderProduct } from './l-order-product.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_order_product',
  comment:
    'Multi-active satellite of l_order_product: the lines of an order, one row per order version and line',
})
@Check('s_order_product_line_check', 'line >= 1')
@Check('s_order_product_price_check', 'price >= 0')
@Check('s_order_product_quantity_check', 'quantity >= 1')
export class SOrderProduct extends VaultRow {
  @ForeignKey(() => LOrderProduct, { name: 's_order_product_hk_order_product_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_order_product_pk!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', comment: 'The order version' })
  order_version!: string;

  @PrimaryColumn({ type: 'integer', comment: 'Place of the line in the order, from 1' })
  line!: number;

  @Column({ type: 'text', comment: 'Name of the dish as ordered' })
  name!: string;

  @Column({ type: 'numeric', precision: 19, scale: 5, comment: 'Price of one' })
  price!: string;

  @Column({ type: 'bigint', comment: 'How many' })
  quantity!: string;

  @Column({ type: 'text', comment: 'Category that the version was enriched with' })
  category_name!: string;

  @Column({ type: 'timestamp', comment: 'update_ts of the version' })
  valid_from!: string;

  @Column({ type: 'uuid', comment: 'Digest of name, price, quantity and category_name' })
  hk_order_product_hashdiff!: string;
}
