import { binaryArray, type ArrayType, type ArrayValue, type ArrayValues } from './binary-array';
import type { Client } from './warehouse';

/** A column of rows that are sent to PostgreSQL. */
export interface Column {
  name: string;
  type: ArrayType;
  /** Part of the key by which rows are folded and sorted. */
  isKey: boolean;
}

/** `text?` is a text or null. */
type Type = ArrayType | `${ArrayType}?`;

/** A row by the names of its columns. */
type RowOf<Types extends Record<string, Type>> = {
  [Name in keyof Types]: Types[Name] extends `${infer Value extends ArrayType}?`
    ? ArrayValues[Value] | null
    : ArrayValues[Types[Name] & ArrayType];
};

/**
 * Columns by name and type, stated once, e.g. `columns({ object_id: 'bigint', missing: 'jsonb?' }, 'object_id')`.
 * @param key the columns by which rows are folded and sorted, in the order of `types`; without any, rows stay as they
 *   are given
 */
export function columns<const Types extends Record<string, Type>>(
  types: Types,
  ...key: (keyof Types & string)[]
): Columns<RowOf<Types>> {
  return new Columns(
    Object.entries(types).map(([name, type]) => ({
      name,
      type: type.replace('?', '') as ArrayType,
      isKey: key.includes(name),
    })),
  );
}

/**
 * What goes to PostgreSQL as one array a column: the text of a statement that reads the arrays, and the arrays of rows.
 */
export class Columns<Row extends object = Record<string, ArrayValue>> {
  /** Separated by commas. */
  readonly names: string;
  private readonly key: readonly Column[];

  constructor(private readonly list: readonly Column[]) {
    this.names = list.map(({ name }) => name).join(', ');
    this.key = list.filter(({ isKey }) => isKey);
  }

  /**
   * The rows as a table of that name, e.g. `unnest($1::bigint[], $2::jsonb[]) AS waiting (object_id, missing)`.
   * @param first number of the first parameter
   */
  unnest(alias: string, first = 1): string {
    const arrays = this.list.map(({ type }, place) => `$${place + first}::${type}[]`);
    return `unnest(${arrays.join(', ')}) AS ${alias} (${this.names})`;
  }

  /** One array a column, of each row {@link once}. */
  arrays(rows: readonly Row[]): Buffer[] {
    const sorted = this.once(rows) as readonly Record<string, ArrayValue>[];
    return this.list.map(({ name, type }) =>
      binaryArray(
        type,
        sorted.map((row) => row[name]!),
      ),
    );
  }

  /**
   * Of the rows with one key the first, in the order of their keys: two transactions that insert the same keys then
   * wait for each other instead of deadlocking.
   */
  once(rows: readonly Row[]): readonly Row[] {
    if (this.key.length === 0) {
      return rows;
    }
    const byKey = new Map<string, Row>();
    for (const row of rows) {
      const key = this.keyOf(row as Record<string, ArrayValue>);
      if (!byKey.has(key)) {
        byKey.set(key, row);
      }
    }
    return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
  }

  /**
   * Runs a statement over the rows; prepared under its name, if it has one, once a connection. No rows, no statement.
   * @param others values of parameters that come after those of the columns
   */
  async run<Answer extends object = never>(
    client: Client,
    statement: { name?: string; text: string },
    rows: readonly Row[],
    ...others: unknown[]
  ): Promise<Answer[]> {
    if (rows.length === 0) {
      return [];
    }
    const values = [...this.arrays(rows), ...others];
    const answer = await client.query<Answer & Record<string, unknown>>({ ...statement, values });
    return answer.rows;
  }

  /** As one text that sorts: numbers by their size; they are not negative. */
  private keyOf(row: Record<string, ArrayValue>): string {
    let text = '';
    for (const { name, type } of this.key) {
      const value = String(row[name]);
      // No text of PostgreSQL holds a NUL, so no two keys are one text.
      text += type === 'bigint' || type === 'integer' ? value.padStart(19, '0') : `${value}\0`;
    }
    return text;
  }
}
