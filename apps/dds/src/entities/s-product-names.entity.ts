import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HProduct } from './h-product.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_product_names',
  comment: 'Satellite of h_product: names in the menu through time',
})
export class SProductNames extends VaultRow {
  @ForeignKey(() => HProduct, { name: 's_product_names_h_product_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @Column({ type: 'text', comment: 'Name of the dish in the menu' })
  name!: string;

  @PrimaryColumn({ type: 'timestamp', comment: 'Time of the dictionary entry with the menu' })
  valid_from!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Digest of the name' })
  hk_product_names_hashdiff!: string;
}
