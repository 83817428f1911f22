import { Field } from '@app/data-vault/columns';
import { Hashdiff, Parent, Satellite, ValidFrom, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { RestaurantFact } from '../facts/facts';
import { HRestaurant } from './h-restaurant.entity';

@Satellite(
  's_restaurant_names',
  'Сателлит h_restaurant: история названий / Satellite of h_restaurant: names through time',
)
export class SRestaurantNames extends VaultRow {
  @Parent(() => HRestaurant, 'Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: Digest;

  @Field('text', 'Название ресторана / Name of the restaurant', { personal: false })
  name!: string;

  @ValidFrom('Время записи словаря / Time of the dictionary entry')
  valid_from!: string;

  @Hashdiff('Дайджест названия / Digest of the name')
  hk_restaurant_names_hashdiff!: Digest;
}

export const restaurantNames = rowsOf(SRestaurantNames, ({ key, restaurant, validFrom }: RestaurantFact) => [
  { h_restaurant_pk: key, name: restaurant.name, valid_from: validFrom },
]);
