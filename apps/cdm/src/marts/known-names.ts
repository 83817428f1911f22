import { LRUCache } from 'lru-cache';
import type { DatedName } from '../ledger/read-vault-order';

const MOST_NAMES = 50_000;

/** Names that the marts are known to have weighed already. Without a time of its own an answer never changes. */
export class KnownNames {
  private readonly known = new LRUCache<string, true>({ max: MOST_NAMES });

  unknown(names: DatedName[]): DatedName[] {
    return names.filter((name) => !this.known.has(keyOf(name)));
  }

  /** To be called when they are durable, never before. */
  remember(names: DatedName[]): void {
    for (const name of names) {
      this.known.set(keyOf(name), true);
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.known.clear();
  }
}

function keyOf({ id, validFrom, name }: DatedName): string {
  return `${id} ${validFrom} ${name}`;
}
