import { Column, ViewEntity } from 'typeorm';

/** The newest name of every restaurant. (`@Column`, because `@ViewColumn` has neither type nor comment.) */
@ViewEntity({ schema: 'dds', name: 'restaurant_current', synchronize: false })
export class RestaurantCurrent {
  @Column({ type: 'uuid', comment: 'Hash key of the restaurant' })
  h_restaurant_pk!: string;

  @Column({ type: 'text', collation: 'C', comment: 'Id of the restaurant at the source' })
  restaurant_id!: string;

  @Column({ type: 'text', comment: 'Newest name of the restaurant' })
  name!: string;

  @Column({ type: 'timestamp', comment: 'Time of the dictionary entry that tells the name' })
  valid_from!: string;
}
