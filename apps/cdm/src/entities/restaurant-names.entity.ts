import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.restaurant_names', 'The newest name of every restaurant', { place: 'everywhere' })
@Index('restaurant_names_spreading', ['restaurant_id'], { where: 'spreading' })
export class RestaurantName {
  @Field('uuid', 'Hash key of the restaurant', { key: true })
  restaurant_id!: string;

  @Field('text', 'Name of the restaurant, newest by dictionary time, then the greater name', {
    collation: 'C',
    personal: false,
  })
  restaurant_name!: string;

  @Field('timestamp', 'Time of the dictionary entry that tells the name')
  valid_from!: string;

  @Field('boolean', 'Whether counters may still show an older name', { default: false })
  spreading!: boolean;
}
