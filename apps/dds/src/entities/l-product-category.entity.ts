import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HCategory } from './h-category.entity';
import { HProduct } from './h-product.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 'l_product_category',
  comment: 'Link: a menu listed a product under a category',
})
@Unique('l_product_category_key', ['h_product_pk', 'h_category_pk'])
export class LProductCategory extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_product_category_pk!: string;

  @ForeignKey(() => HProduct, { name: 'l_product_category_h_product_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @ForeignKey(() => HCategory, { name: 'l_product_category_h_category_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the category' })
  h_category_pk!: string;
}
