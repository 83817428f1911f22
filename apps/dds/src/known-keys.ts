import { LRUCache } from 'lru-cache';
import { sharedTables, type VaultTableName } from './vault-tables';
import type { VaultRows } from './vault-rows';

/** About 150 bytes each. */
const MOST_KEYS = 100_000;

/** Rows of shared tables that this replica knows to be stored. Rows are never deleted, so what was stored once is stored still. */
export class KnownKeys {
  private readonly keys = new LRUCache<string, true>({ max: MOST_KEYS });

  /** The rows without those that are known. */
  unknown(rows: VaultRows): VaultRows {
    return Object.fromEntries(
      Object.entries(rows).map(([table, all]) => [
        table,
        sharedTables.has(table as VaultTableName)
          ? all.without((key) => this.keys.has(`${table} ${key}`))
          : all,
      ]),
    ) as VaultRows;
  }

  /** To be called when the rows are durable, never before. */
  remember(rows: VaultRows): void {
    for (const table of sharedTables) {
      for (const key of rows[table].keys()) {
        this.keys.set(`${table} ${key}`, true);
      }
    }
  }

  /** After a restore of the database what was stored may be gone. */
  forget(): void {
    this.keys.clear();
  }
}
