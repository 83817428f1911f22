import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { LProductCategory } from './l-product-category.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_product_category',
  comment: 'Satellite of l_product_category: when a menu said so',
})
export class SProductCategory extends VaultRow {
  @ForeignKey(() => LProductCategory, { name: 's_product_category_hk_product_category_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_product_category_pk!: string;

  @PrimaryColumn({ type: 'timestamp', comment: 'Time of the dictionary entry with the menu' })
  valid_from!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Digest of the category name' })
  hk_product_category_hashdiff!: string;
}
