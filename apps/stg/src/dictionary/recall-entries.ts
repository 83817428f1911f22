import type { Client } from '@app/warehouse/warehouse';
import {
  readEntry,
  type DictionaryEntry,
  type EntryKind,
  type RestaurantEntry,
  type UserEntry,
} from './dictionary-entry';
import { entryPksOf, type DatedEntry, type DictionaryAnswers, type UsedEntries } from './enrich-order';

/**
 * What was said about order versions by the entries that they were enriched with: one answer a list of used entries.
 */
export async function recallEntries(client: Client, used: UsedEntries[]): Promise<DictionaryAnswers[]> {
  const pks = new Set(used.flatMap(entryPksOf));
  const entries = await entriesByPk(client, [...pks]);
  return used.map(({ userEntryPk, restaurantEntryPk, earlierMenus }) => ({
    user: () => entries.get(userEntryPk) as DatedEntry<UserEntry> | undefined,
    restaurant: () => entries.get(restaurantEntryPk) as DatedEntry<RestaurantEntry> | undefined,
    earlierProduct: (_, productId) => {
      const menu = entries.get(earlierMenus?.[productId] ?? '') as DatedEntry<RestaurantEntry> | undefined;
      const product = menu?.entry.menu.get(productId);
      return menu && product && { entryPk: menu.entryPk, validFrom: menu.validFrom, entry: product };
    },
  }));
}

export interface EntryRow {
  entry_pk: string;
  entry_kind: EntryKind;
  entry_key: string;
  valid_from: string;
  entry: string;
}

export function storedEntry(row: EntryRow): DatedEntry<DictionaryEntry> {
  return {
    entryPk: row.entry_pk,
    validFrom: row.valid_from,
    entry: readEntry(row.entry_kind, Buffer.from(row.entry)),
  };
}

export async function entriesByPk(
  client: Client,
  pks: string[],
): Promise<Map<string, DatedEntry<DictionaryEntry>>> {
  const { rows } = await client.query<EntryRow>({
    name: 'entries_by_pk',
    text: /* sql */ `
      SELECT entry_pk, entry_kind, entry_key, valid_from, entry
      FROM stg.dictionary_entries WHERE entry_pk = ANY ($1::uuid[])`,
    values: [pks],
  });
  return new Map(rows.map((row) => [row.entry_pk, storedEntry(row)]));
}
