import { sortableTime } from '@app/values/source-time';
import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { Dimension } from './dimensions';
import type { DatedName } from '../ledger/read-vault-order';

/** A name that was not known, or is newer than the one before, or is confirmed by a newer entry. */
export interface KeptName {
  id: string;
  name: string;
  /** Whether there was none before. */
  isNew: boolean;
}

const given = columns({ id: 'uuid', name: 'text', valid_from: 'timestamp' });

/**
 * Keeps the newest name of each value of a dimension: by dictionary time, then the greater name. Names that are kept
 * already are read, not proposed: an upsert locks the row that it meets until COMMIT, also where it changes nothing,
 * and replicas would take turns. Rows are proposed in the order of their ids, which a join does not keep by itself, or
 * replicas would deadlock.
 * @returns what was not known
 */
export async function keepNames(
  client: Client,
  { column: id, name: kept }: Dimension,
  names: DatedName[],
): Promise<KeptName[]> {
  const { column: name, table } = kept!;
  // A row that nobody has locked or updated yet, as an upsert does with one that is there, has no xmax.
  const text = /* sql */ `
    INSERT INTO ${table} AS known (${id}, ${name}, valid_from)
    SELECT given.id, given.name, given.valid_from
    FROM ${given.unnest('given')} LEFT JOIN ${table} AS kept ON kept.${id} = given.id
    WHERE kept.${id} IS NULL OR (given.valid_from, given.name) > (kept.valid_from, kept.${name})
    ORDER BY given.id
    ON CONFLICT (${id}) DO UPDATE SET
      ${name} = EXCLUDED.${name}, valid_from = EXCLUDED.valid_from,
      spreading = known.spreading OR known.${name} <> EXCLUDED.${name}
    WHERE (EXCLUDED.valid_from, EXCLUDED.${name}) > (known.valid_from, known.${name})
    RETURNING ${id} AS id, ${name} AS name, xmax = 0 AS "isNew"`;
  const rows = newestOfEach(names).map(({ validFrom, ...row }) => ({ ...row, valid_from: validFrom }));
  return given.run<KeptName>(client, { name: `keep_${name}`, text }, rows);
}

export function newestOfEach(names: DatedName[]): DatedName[] {
  const newest = new Map<string, DatedName>();
  for (const one of names) {
    const known = newest.get(one.id);
    if (!known || isNewer(one, known)) {
      newest.set(one.id, one);
    }
  }
  return [...newest.values()];
}

/**
 * Names compare byte for byte as in the database; JavaScript's own order of texts differs beyond the first 65,536
 * characters.
 */
function isNewer(a: DatedName, b: DatedName): boolean {
  const [timeA, timeB] = [sortableTime(a.validFrom), sortableTime(b.validFrom)];
  return timeA === timeB ? Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) > 0 : timeA > timeB;
}
