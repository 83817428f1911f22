import { LRUCache } from 'lru-cache';
import type { ToldName } from './read-vault-order';

/** Names that the marts are known to have weighed already. Without a time of its own an answer never changes. */
export class ToldNames {
  private readonly told = new LRUCache<string, true>({ max: 50_000 });

  unknown(names: ToldName[]): ToldName[] {
    return names.filter((name) => !this.told.has(keyOf(name)));
  }

  /** To be called when they are durable, never before. */
  remember(names: ToldName[]): void {
    for (const name of names) {
      this.told.set(keyOf(name), true);
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.told.clear();
  }
}

function keyOf({ id, validFrom, name }: ToldName): string {
  return `${id} ${validFrom} ${name}`;
}
