import type { Values, WrongRow } from './wrong-rows';

/** A row of a mart as a statement compares it, with all that it compares. */
export interface CountedRow {
  mart: string;
  key: Record<string, string>;
  expected: Values | null;
  found: Values | null;
}

/** SQL: rows with the columns of {@link CountedRow} as one list. */
export function listed(rows: string): string {
  return /* sql */ `(
    SELECT coalesce(json_agg(json_build_object('mart', mart, 'key', key, 'expected', expected, 'found', found)), '[]') FROM ${rows})`;
}

/** @param of the column of the key by which the round goes */
export function wrongCounts(text: string, of: string): WrongRow[] {
  return (JSON.parse(text) as CountedRow[]).map(({ mart, key, expected, found }) => ({
    table: `cdm.${mart}`,
    key,
    place: key[of]!,
    against: 'the ledger',
    ...differing(expected, found),
  }));
}

function differing(expected: Values | null, found: Values | null): Pick<WrongRow, 'expected' | 'found'> {
  if (!expected || !found) {
    return { expected: expected && {}, found: found && {} };
  }
  const columns = Object.keys(expected).filter((column) => expected[column] !== found[column]);
  const only = (values: Values) =>
    Object.fromEntries(columns.map((column) => [column, values[column] ?? null]));
  return { expected: only(expected), found: only(found) };
}
