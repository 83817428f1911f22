import { LRUCache } from 'lru-cache';
import type { Layers } from './layers';
import type { StagedVersion } from './staged-orders';

const MOST_ENTRIES = 500;

/** A dictionary entry, as far as orders depend on it. */
export interface Entry {
  pk: string;
  isForgotten: boolean;
  /** Of kind, key and text: it is the key of the entry, unless the entry was blanked. */
  digest: string;
  validFrom: string;
  /** Of a user: the digest of the names. */
  userDigest: string | null;
  /** Of a restaurant. */
  name: string | null;
  /** Name and category by product. */
  menu: Map<string, { name: string; category: string }>;
}

/** Dictionary entries that versions were enriched with. A menu is long, so it is kept until the next round. */
export class Entries {
  private readonly known = new LRUCache<string, Entry>({ max: MOST_ENTRIES });

  forget(): void {
    this.known.clear();
  }

  /** Those of the versions that staging has, by key. */
  async of(layers: Layers, versions: StagedVersion[]): Promise<Map<string, Entry>> {
    const pks = [...new Set(versions.flatMap(entriesOf))];
    const found = new Map<string, Entry>();
    const unknown = pks.filter((pk) => {
      const entry = this.known.get(pk);
      if (entry) {
        found.set(pk, entry);
      }
      return !entry;
    });
    for (const entry of unknown.length > 0 ? await readEntries(layers, unknown) : []) {
      found.set(entry.pk, entry);
      // A user may be forgotten at any time, and is read again.
      if (entry.userDigest === null) {
        this.known.set(entry.pk, entry);
      }
    }
    return found;
  }
}

export function entriesOf({ userEntry, restaurantEntry, earlierMenus }: StagedVersion): string[] {
  return [userEntry, restaurantEntry, ...Object.values(earlierMenus ?? {})].filter((pk) => pk !== null);
}

interface EntryRow extends Omit<Entry, 'menu'> {
  menu: string | null;
}

async function readEntries(layers: Layers, pks: string[]): Promise<Entry[]> {
  const rows = await layers.rows<EntryRow>(
    'stg',
    /* sql */ `
    SELECT entry_pk AS pk, is_forgotten AS "isForgotten", digest, valid_from AS "validFrom", user_digest AS "userDigest",
      restaurant_name AS name, menu
    FROM pipeline.audit_entries($1)`,
    [pks],
  );
  return rows.map((row) => ({ ...row, menu: readMenu(row.menu) }));
}

/** Of a product that a menu has twice, the first counts; one without id, name or category is none. */
export function readMenu(text: string | null): Entry['menu'] {
  const menu: Entry['menu'] = new Map();
  for (const [id, name, category] of JSON.parse(text ?? '[]') as (string | null)[][]) {
    if (id && name && category && !menu.has(id)) {
      menu.set(id, { name, category });
    }
  }
  return menu;
}
