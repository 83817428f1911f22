import { LRUCache } from 'lru-cache';
import type { DatedName } from '../ledger/read-vault-order';

const MOST_NAMES = 50_000;

/**
 * Names that the marts are known to have weighed already, of each thing the last. Without a time of its own an answer
 * never changes.
 */
export class KnownNames {
  private readonly known = new LRUCache<string, DatedName>({ max: MOST_NAMES });

  unknown(names: DatedName[]): DatedName[] {
    return names.filter(({ id, name, validFrom }) => {
      const known = this.known.get(id);
      return known?.name !== name || known.validFrom !== validFrom;
    });
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
