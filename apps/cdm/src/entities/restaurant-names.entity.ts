import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'cdm', name: 'restaurant_names', comment: 'The newest name of every restaurant' })
@Index('restaurant_names_spreading', ['restaurant_id'], { where: 'spreading' })
export class RestaurantName {
  @PrimaryColumn({ type: 'uuid', comment: 'Hash key of the restaurant' })
  restaurant_id!: string;

  @Column({
    type: 'text',
    collation: 'C',
    comment: 'Name of the restaurant, newest by dictionary time, then the greater name',
  })
  restaurant_name!: string;

  @Column({ type: 'timestamp', comment: 'Time of the dictionary entry that tells the name' })
  valid_from!: string;

  @Column({ type: 'boolean', default: false, comment: 'Whether counters may still show an older name' })
  spreading!: boolean;
}
