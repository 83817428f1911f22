import { bulkInsert, Rows } from '@app/warehouse/bulk-insert';
import type { Client } from '@app/warehouse/warehouse';
import type { PresentEntry } from './dictionary';
import { entryPksOf, type UsedEntries } from './enrich-order';

/**
 * Stores those of the entries that order versions were enriched with. One without a time is dated 1970-01-01 if it is the first of
 * its key without one, and with the present moment otherwise; also where the clock was set back since, it comes after those before it. What is stored stays as it is: of several replicas, the first decides.
 * @returns those that are used
 */
export async function storeEntries(
  client: Client,
  entries: PresentEntry[],
  used: UsedEntries[],
): Promise<PresentEntry[]> {
  const pks = new Set(used.flatMap(entryPksOf));
  const usedEntries = entries.filter(({ entryPk }) => pks.has(entryPk));
  const timed = new Rows();
  const untimed = new Rows();
  for (const { kind, id, entryPk, entry, value } of usedEntries) {
    const columns = [entryPk, kind, id, value.toString('utf8')];
    if (entry.time === null) {
      untimed.add(`${kind} ${id}`, ...columns);
    } else {
      timed.add(`${kind} ${id}`, ...columns, entry.time);
    }
  }
  await bulkInsert(client, insertTimed, timed);
  await bulkInsert(client, insertFirstUntimed, untimed);
  await bulkInsert(client, insertLaterUntimed, untimed);
  return usedEntries;
}

const insertTimed = {
  name: 'insert_timed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry, valid_from, true
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::timestamp[])
      AS used (entry_pk, entry_kind, entry_key, entry, valid_from)
    ON CONFLICT DO NOTHING`,
};

const insertFirstUntimed = {
  name: 'insert_first_untimed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry, '1970-01-01', false
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) AS used (entry_pk, entry_kind, entry_key, entry)
    ON CONFLICT DO NOTHING`,
};

const insertLaterUntimed = {
  name: 'insert_later_untimed_entries',
  text: /* sql */ `
    INSERT INTO stg.dictionary_entries (entry_pk, entry_kind, entry_key, entry, valid_from, timed)
    SELECT entry_pk, entry_kind, entry_key, entry,
      greatest(now() AT TIME ZONE 'UTC', (
        SELECT max(valid_from) + interval '1 microsecond' FROM stg.dictionary_entries before
        WHERE before.entry_kind = used.entry_kind AND before.entry_key = used.entry_key AND NOT before.timed
      )), false
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[]) AS used (entry_pk, entry_kind, entry_key, entry)
    ON CONFLICT DO NOTHING`,
};
