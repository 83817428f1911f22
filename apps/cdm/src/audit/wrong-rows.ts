/** A row by the names of its columns, all as texts. */
export type Values = Record<string, string | null>;

/** A row that is not as it should be. */
export interface WrongRow {
  /** The table that differs, with its schema. */
  table: string;
  key: Record<string, string>;
  /** Its place in the order of the round: the key of the order, user or thing that was looked at. */
  place: string;
  /** What it was compared with. */
  against: string;
  /** Only the columns that differ; null: there should be no row. */
  expected: Values | null;
  /** Only the columns that differ; null: there is no row. */
  found: Values | null;
  /** It may be on its way: it is wrong only if it is so still once the pipeline is done with what there was. */
  waits?: boolean;
}

/** What a look at a piece of a round says. */
export interface Look {
  /** Rows that were compared. */
  checked: number;
  wrong: WrongRow[];
}

/** Columns of a table: those of the key, then the others. */
export interface RowColumns {
  table: string;
  key: readonly string[];
  others: readonly string[];
}

/** A row as the values of its columns, in their order. */
export type Row = readonly (string | null)[];

export interface Comparison {
  columns: RowColumns;
  against: string;
  place: string;
  expected: readonly Row[];
  found: readonly Row[];
  /** Rows that nobody expects are not looked at. */
  hasOthers?: boolean;
}

/** Compares rows of one table, each of which is there once. */
export function wrongRows({ columns, against, place, expected, found, hasOthers }: Comparison): WrongRow[] {
  const { table, key } = columns;
  const keyOf = (row: Row) => JSON.stringify(row.slice(0, key.length));
  const there = new Map(found.map((row) => [keyOf(row), row]));
  const wrong: WrongRow[] = [];
  const seen = new Set<string>();
  for (const row of expected) {
    const text = keyOf(row);
    if (!seen.has(text)) {
      seen.add(text);
      const differing = differingValues(columns, row, there.get(text));
      if (differing) {
        wrong.push({ table, key: keyNames(columns, row), place, against, ...differing });
      }
    }
  }
  for (const [text, row] of hasOthers ? [] : there) {
    if (!seen.has(text)) {
      wrong.push({ table, key: keyNames(columns, row), place, against, expected: null, found: {} });
    }
  }
  return wrong;
}

function differingValues(
  { key, others }: RowColumns,
  expected: Row,
  found: Row | undefined,
): Pick<WrongRow, 'expected' | 'found'> | undefined {
  if (!found) {
    return { expected: {}, found: null };
  }
  const differing = others.filter((_, place) => expected[key.length + place] !== found[key.length + place]);
  const valuesOf = (row: Row) =>
    Object.fromEntries(differing.map((name) => [name, row[key.length + others.indexOf(name)] ?? null]));
  return differing.length > 0 ? { expected: valuesOf(expected), found: valuesOf(found) } : undefined;
}

function keyNames({ key }: RowColumns, row: Row): Record<string, string> {
  return Object.fromEntries(key.map((name, place) => [name, String(row[place])]));
}

/** Names a row among all. */
export function rowName({ table, key }: Pick<WrongRow, 'table' | 'key'>): string {
  const names = Object.keys(key).sort();
  return `${table} ${names.map((name) => `${name}=${key[name]}`).join(' ')}`;
}
