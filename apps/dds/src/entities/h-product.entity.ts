import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'h_product', comment: 'Hub of products: the dishes' })
@Unique('h_product_product_id_key', ['product_id'])
export class HProduct extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Business key: id of the dish at the source' })
  product_id!: string;
}
