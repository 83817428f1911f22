import { BusinessKey, HashKey, Hub, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { RestaurantFact } from '../facts/facts';

@Hub('h_restaurant', 'Хаб ресторанов / Hub of restaurants')
export class HRestaurant extends VaultRow {
  @HashKey('Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: Digest;

  @BusinessKey(
    'text',
    'Бизнес-ключ: id ресторана в источнике / Business key: id of the restaurant at the source',
    { personal: false },
  )
  restaurant_id!: string;
}

export const restaurantHub = rowsOf(HRestaurant, ({ key, restaurant }: RestaurantFact) => [
  { h_restaurant_pk: key, restaurant_id: restaurant.id },
]);
