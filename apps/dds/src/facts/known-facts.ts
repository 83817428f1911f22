import { LRUCache } from 'lru-cache';

/** About 250 bytes each. */
const MOST_FACTS = 50_000;

/**
 * What the dictionary said of users, restaurants and products, and this replica knows to be in the vault: many orders
 * say the same, and rows are never deleted.
 */
export class KnownFacts {
  private readonly facts = new LRUCache<string, true>({ max: MOST_FACTS });

  has(fact: string): boolean {
    return this.facts.has(fact);
  }

  /** To be called when the rows are durable, never before. */
  remember(facts: Iterable<string>): void {
    for (const fact of facts) {
      this.facts.set(fact, true);
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.facts.clear();
  }
}
