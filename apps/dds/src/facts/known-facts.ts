import { LRUCache } from 'lru-cache';
import type { StagedProduct, StagedRestaurant, StagedUser } from '@app/contracts/staged-order.contract';
import type { Facts } from './facts';

/** Of users, of restaurants and of products; about 300 bytes each. */
const MOST_FACTS = 25_000;

/** What an order says of a product beside its price. */
interface KnownProduct {
  restaurantId: string;
  name: string;
  category: string;
  valid_from: string;
}

/**
 * What the dictionary said of users, restaurants and products, and this replica knows to be in the vault: many orders
 * say the same, and rows are never deleted. Of each the last that was said is known.
 */
export class KnownFacts {
  private readonly users = new LRUCache<string, StagedUser>({ max: MOST_FACTS });
  private readonly restaurants = new LRUCache<string, StagedRestaurant>({ max: MOST_FACTS });
  private readonly products = new LRUCache<string, KnownProduct>({ max: MOST_FACTS });

  hasUser({ id, name, login, valid_from }: StagedUser): boolean {
    const known = this.users.get(id);
    return known?.name === name && known.login === login && known.valid_from === valid_from;
  }

  hasRestaurant({ id, name, valid_from }: StagedRestaurant): boolean {
    const known = this.restaurants.get(id);
    return known?.name === name && known.valid_from === valid_from;
  }

  hasProduct(restaurantId: string, { id, name, category, valid_from }: StagedProduct): boolean {
    const known = this.products.get(id);
    return (
      known?.name === name &&
      known.restaurantId === restaurantId &&
      known.category === category &&
      known.valid_from === valid_from
    );
  }

  /** To be called when the rows are durable, never before. */
  remember({ users, restaurants, products }: Facts): void {
    users.forEach(({ user }) => this.users.set(user.id, user));
    restaurants.forEach(({ restaurant }) => this.restaurants.set(restaurant.id, restaurant));
    for (const { restaurantId, product } of products) {
      const { id, name, category, valid_from } = product;
      this.products.set(id, { restaurantId, name, category, valid_from });
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.users.clear();
    this.restaurants.clear();
    this.products.clear();
  }
}
