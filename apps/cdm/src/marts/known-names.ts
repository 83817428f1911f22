import { LRUCache } from 'lru-cache';
import type { DatedName, OrderNames } from '../ledger/read-vault-order';

const MOST_NAMES = 50_000;

/**
 * Names that the marts are known to have weighed already, of each thing the last. Without a time of its own an answer
 * never changes.
 */
export class KnownNames {
  private readonly known = new LRUCache<string, DatedName>({ max: MOST_NAMES });

  has({ id, name, validFrom }: DatedName): boolean {
    const known = this.known.get(id);
    return known?.name === name && known.validFrom === validFrom;
  }

  /** To be called when they are durable, never before. */
  remember(names: DatedName[]): void {
    names.forEach((name) => this.known.set(name.id, name));
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.known.clear();
  }
}

/** Of the names that the orders of a batch bring, those that are not known yet; of categories all. */
export class BatchNames {
  readonly products: DatedName[] = [];
  readonly restaurants: DatedName[] = [];
  /** By hash key. */
  readonly categories = new Map<string, string>();

  constructor(private readonly known: KnownNames) {}

  add({ products, restaurant, categories }: OrderNames): void {
    this.products.push(...products.filter((name) => !this.known.has(name)));
    if (!this.known.has(restaurant)) {
      this.restaurants.push(restaurant);
    }
    categories.forEach(({ id, name }) => this.categories.set(id, name));
  }
}
