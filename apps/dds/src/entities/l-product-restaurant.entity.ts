import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { HProduct } from './h-product.entity';
import { HRestaurant } from './h-restaurant.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 'l_product_restaurant',
  comment: 'Link: a product was ordered at a restaurant',
})
@Unique('l_product_restaurant_key', ['h_product_pk', 'h_restaurant_pk'])
export class LProductRestaurant extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the link' })
  hk_product_restaurant_pk!: string;

  @ForeignKey(() => HProduct, { name: 'l_product_restaurant_h_product_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the product' })
  h_product_pk!: string;

  @ForeignKey(() => HRestaurant, { name: 'l_product_restaurant_h_restaurant_pk_fkey' })
  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;
}
