import { Index } from 'typeorm/decorator/Index.js';
import { Field, Table } from '@app/data-vault/columns';

@Table('cdm.restaurant_names', 'Новейшее название каждого ресторана / The newest name of every restaurant', {
  place: 'everywhere',
})
@Index('restaurant_names_spreading', ['restaurant_id'], { where: 'spreading' })
export class RestaurantName {
  @Field('uuid', 'Хеш-ключ ресторана / Hash key of the restaurant', { key: true })
  restaurant_id!: string;

  @Field(
    'text',
    'Название ресторана: новейшее по времени словаря, при равном времени большее / Name of the restaurant: the newest by dictionary time, then the greater name',
    {
      collation: 'C',
      personal: false,
    },
  )
  restaurant_name!: string;

  @Field('timestamp', 'Время записи словаря с этим названием / Time of the dictionary entry with the name')
  valid_from!: string;

  @Field(
    'boolean',
    'В счётчиках ещё может стоять прежнее название / Whether counters may still show an older name',
    { default: false },
  )
  spreading!: boolean;
}
