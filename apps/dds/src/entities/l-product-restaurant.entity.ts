import { HashKey, Link, Parent, VaultRow } from '@app/data-vault/declare';
import type { Digest } from '@app/data-vault/hash-key';
import { rowsOf } from '@app/data-vault/vault-rows';
import type { ProductFact } from '../facts/facts';
import { HProduct } from './h-product.entity';
import { HRestaurant } from './h-restaurant.entity';

@Link(
  'l_product_restaurant',
  'Линк: блюдо заказывали в ресторане / Link: a product was ordered at a restaurant',
)
export class LProductRestaurant extends VaultRow {
  @HashKey('Хеш-ключ линка / Hash key of the link')
  hk_product_restaurant_pk!: Digest;

  @Parent(() => HProduct, 'Хеш-ключ блюда / Hash key of the product')
  h_product_pk!: Digest;

  @Parent(() => HRestaurant, 'Хеш-ключ ресторана / Hash key of the restaurant')
  h_restaurant_pk!: Digest;
}

export const productRestaurant = rowsOf(
  LProductRestaurant,
  ({ key, inRestaurant, restaurantKey }: ProductFact) => [
    {
      hk_product_restaurant_pk: inRestaurant,
      h_product_pk: key,
      h_restaurant_pk: restaurantKey,
    },
  ],
);
