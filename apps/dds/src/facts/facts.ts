import { canonicalTime } from '@app/values/source-time';
import type { StagedProduct, StagedRestaurant, StagedUser } from '@app/contracts/staged-order.contract';
import { joinParts, keyDigest, type Digest } from '@app/data-vault/hash-key';
import type { EnrichedOrder } from '../order/read-staged-order';

/** Something that the dictionary said: many orders say the same. */
interface Fact {
  /** All of it as one text. */
  text: string;
  /** Hash key of what it is about. */
  key: Digest;
  /** Time of the entry. */
  validFrom: string;
}

export interface UserFact extends Fact {
  user: StagedUser;
}

export interface RestaurantFact extends Fact {
  restaurant: StagedRestaurant;
}

export interface ProductFact extends Fact {
  product: StagedProduct;
  restaurantKey: Digest;
  categoryKey: Digest;
  /** Hash key of the link to the restaurant. */
  inRestaurant: Digest;
  /** Hash key of the link to the category. */
  inCategory: Digest;
}

export interface Facts {
  users: UserFact[];
  restaurants: RestaurantFact[];
  products: ProductFact[];
}

/** What the dictionary said of the users, restaurants and products of the orders, each thing once. */
export function factsOf(orders: EnrichedOrder[], isKnown: (fact: string) => boolean): Facts {
  const facts: Facts = { users: [], restaurants: [], products: [] };
  const seen = new Set<string>();
  const isNew = (text: string) => !isKnown(text) && seen.size < seen.add(text).size;
  for (const { staged, keys } of orders) {
    const { user, restaurant, products } = staged.payload;
    const userText = joinParts(['user', user.id, user.name, user.login, user.valid_from]);
    if (isNew(userText)) {
      const validFrom = canonicalTime(user.valid_from)!;
      facts.users.push({ text: userText, key: keys.user.digest, validFrom, user });
    }
    const restaurantText = joinParts(['restaurant', restaurant.id, restaurant.name, restaurant.valid_from]);
    if (isNew(restaurantText)) {
      const validFrom = canonicalTime(restaurant.valid_from)!;
      facts.restaurants.push({ text: restaurantText, key: keys.restaurant.digest, validFrom, restaurant });
    }
    for (const product of products) {
      const { id, name, category, valid_from: said } = product;
      const text = joinParts(['product', restaurant.id, id, name, category, said]);
      if (isNew(text)) {
        facts.products.push({
          text,
          key: keys.products.get(id)!.digest,
          validFrom: canonicalTime(said)!,
          product,
          restaurantKey: keys.restaurant.digest,
          categoryKey: keys.categories.get(category)!.digest,
          inRestaurant: keyDigest('l_product_restaurant', id, restaurant.id),
          inCategory: keyDigest('l_product_category', id, category),
        });
      }
    }
  }
  return facts;
}

export function textsOf({ users, restaurants, products }: Facts): string[] {
  return [...users, ...restaurants, ...products].map(({ text }) => text);
}
