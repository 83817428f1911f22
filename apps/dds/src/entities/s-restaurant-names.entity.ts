import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HRestaurant } from './h-restaurant.entity';
import { VaultRow } from './vault-row';

@Entity({
  schema: 'dds',
  name: 's_restaurant_names',
  comment: 'Satellite of h_restaurant: names through time',
})
export class SRestaurantNames extends VaultRow {
  @ForeignKey(() => HRestaurant, { name: 's_restaurant_names_h_restaurant_pk_fkey' })
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;

  @Column({ type: 'text', comment: 'Name of the restaurant' })
  name!: string;

  @PrimaryColumn({ type: 'timestamp', comment: 'Time of the dictionary entry' })
  valid_from!: string;

  @PrimaryColumn({ type: 'uuid', comment: 'Digest of the name' })
  hk_restaurant_names_hashdiff!: string;
}
