import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { VaultRow } from './vault-row';

@Entity({ schema: 'dds', name: 'h_restaurant', comment: 'Hub of restaurants' })
@Unique('h_restaurant_restaurant_id_key', ['restaurant_id'])
export class HRestaurant extends VaultRow {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Business key: id of the restaurant at the source' })
  restaurant_id!: string;
}
