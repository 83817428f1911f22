import { Field, View } from '@app/data-vault/columns';

@View('dds.restaurant_current', 'Новейшее название каждого ресторана / The newest name of every restaurant')
export class RestaurantCurrent {
  @Field('uuid', 'Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: string;

  @Field('text', 'Id ресторана в источнике / Id of the restaurant at the source', {
    collation: 'C',
    personal: false,
  })
  restaurant_id!: string;

  @Field('text', 'Новейшее название ресторана / Newest name of the restaurant', { personal: false })
  name!: string;

  @Field('timestamp', 'Время записи словаря с этим названием / Time of the dictionary entry with the name')
  valid_from!: string;
}
