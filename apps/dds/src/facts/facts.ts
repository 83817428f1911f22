import { canonicalTime } from '@app/values/source-time';
import type { StagedProduct, StagedRestaurant, StagedUser } from '@app/contracts/staged-order.contract';
import { joinParts, keyDigest, type Digest } from '@app/data-vault/hash-key';
import type { EnrichedOrder } from '../order/read-staged-order';
import type { KnownFacts } from './known-facts';

/** Something that the dictionary said: many orders say the same. */
interface Fact {
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
  restaurantId: string;
  restaurantKey: Digest;
  categoryKey: Digest;
  /** Hash key of the link to the restaurant. */
  inRestaurant: Digest;
  /** Hash key of the link to the category. */
  inCategory: Digest;
}

/** What the dictionary said in the orders of a batch of users, restaurants and products, each thing once. */
export class Facts {
  readonly users: UserFact[] = [];
  readonly restaurants: RestaurantFact[] = [];
  readonly products: ProductFact[] = [];
  private readonly seen = new Set<string>();

  /** @param known what is left out */
  constructor(private readonly known: KnownFacts) {}

  /** How many. */
  get size(): number {
    return this.seen.size;
  }

  add({ staged, keys }: EnrichedOrder): void {
    const { user, restaurant, products } = staged.payload;
    if (!this.known.hasUser(user) && this.isNew('user', user.id, user.name, user.login, user.valid_from)) {
      const validFrom = canonicalTime(user.valid_from)!;
      this.users.push({ key: keys.user.digest, validFrom, user });
    }
    if (
      !this.known.hasRestaurant(restaurant) &&
      this.isNew('restaurant', restaurant.id, restaurant.name, restaurant.valid_from)
    ) {
      const validFrom = canonicalTime(restaurant.valid_from)!;
      this.restaurants.push({ key: keys.restaurant.digest, validFrom, restaurant });
    }
    for (const product of products) {
      const { id, name, category, valid_from: said } = product;
      if (
        !this.known.hasProduct(restaurant.id, product) &&
        this.isNew('product', restaurant.id, id, name, category, said)
      ) {
        this.products.push({
          key: keys.products.get(id)!.digest,
          validFrom: canonicalTime(said)!,
          product,
          restaurantId: restaurant.id,
          restaurantKey: keys.restaurant.digest,
          categoryKey: keys.categories.get(category)!.digest,
          inRestaurant: keyDigest('l_product_restaurant', id, restaurant.id),
          inCategory: keyDigest('l_product_category', id, category),
        });
      }
    }
  }

  private isNew(...parts: (string | null)[]): boolean {
    return this.seen.size < this.seen.add(joinParts(parts)).size;
  }
}
