import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { PresentEntry } from './dictionary';
import { entryPksOf, type UsedEntries } from './enrich-order';

/** Those of the entries that order versions were enriched with. */
export function usedOf(entries: PresentEntry[], orders: { used: UsedEntries }[]): PresentEntry[] {
  const pks = new Set(orders.flatMap(({ used }) => entryPksOf(used)));
  return entries.filter(({ entryPk }) => pks.has(entryPk));
}

/**
 * Stores entries. One without a time is dated 1970-01-01 if it is the first of its key without one, and with the
 * present moment otherwise; also where the clock was set back since, it comes after those before it. What is stored
 * stays as it is: of several replicas, the first decides.
 */
export async function storeEntries(client: Client, entries: PresentEntry[]): Promise<void> {
  const rows = entries.map(({ kind, id, entryPk, entry, value }) => ({
    entry_kind: kind,
    entry_key: id,
    entry_pk: entryPk,
    entry: value.toString('utf8'),
    valid_from: entry.time,
  }));
  await used.run(client, insertEntries, rows);
  await used.run(
    client,
    insertLaterUntimed,
    rows.filter((row) => row.valid_from === null),
  );
}

const used = columns(
  { entry_kind: 'text', entry_key: 'text', entry_pk: 'uuid', entry: 'json', valid_from: 'timestamp?' },
  'entry_kind',
  'entry_key',
);

/** Those with a time, and the first of their key without one. */
const insertEntries = {
  name: 'insert_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (${used.names}, timed)
    SELECT entry_kind, entry_key, entry_pk, entry, coalesce(valid_from, '1970-01-01'), valid_from IS NOT NULL
    FROM ${used.unnest('used')}
    ON CONFLICT DO NOTHING`,
};

const insertLaterUntimed = {
  name: 'insert_later_untimed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (${used.names}, timed)
    SELECT entry_kind, entry_key, entry_pk, entry,
      greatest(now() AT TIME ZONE 'UTC', (
        SELECT max(valid_from) + interval '1 microsecond' FROM stg.dictionary_entries before
        WHERE before.entry_kind = used.entry_kind AND before.entry_key = used.entry_key AND NOT before.timed
      )), false
    FROM ${used.unnest('used')}
    ON CONFLICT DO NOTHING`,
};
