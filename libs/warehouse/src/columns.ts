import { ArrayWriter, spareBuffers, type ArrayType, type ArrayValue, type ArrayValues } from './binary-array';
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

  constructor(private readonly list: readonly Column[]) {
    this.names = list.map(({ name }) => name).join(', ');
  }

  /**
   * The rows as a table of that name, e.g. `unnest($1::bigint[], $2::jsonb[]) AS waiting (object_id, missing)`.
   * @param first number of the first parameter
   */
  unnest(alias: string, first = 1): string {
    const arrays = this.list.map(({ type }, place) => `$${place + first}::${type}[]`);
    return `unnest(${arrays.join(', ')}) AS ${alias} (${this.names})`;
  }

  /**
   * That a column of a table is among those of the rows. A join says as much, but only this shows a distributed
   * PostgreSQL the few nodes on which rows of the table can be.
   * @param first number of the first parameter
   */
  isAmong(table: string, name: string, first = 1): string {
    const place = this.list.findIndex((column) => column.name === name);
    return `${table}.${name} = ANY ($${place + first}::${this.list[place]!.type}[])`;
  }

  /** For rows that are not kept: each is written as it comes. */
  writer(): RowWriter<Row> {
    return new RowWriter(this.list);
  }

  /** One array a column, of each row {@link once}. */
  arrays(rows: Iterable<Row>): Buffer[] {
    return this.written(rows).arrays();
  }

  /**
   * Of the rows with one key the first, in the order of their keys: two transactions that insert the same keys then
   * wait for each other instead of deadlocking.
   */
  once(rows: readonly Row[]): readonly Row[] {
    const places = new Columns<Row>(this.list.filter(({ isKey }) => isKey)).written(rows).places();
    return places?.map((place) => rows[place]!) ?? rows;
  }

  private written(rows: Iterable<Row>): RowWriter<Row> {
    const writer = this.writer();
    for (const row of rows) {
      writer.add(row);
    }
    return writer;
  }

  /**
   * Runs a statement over the rows; prepared under its name, if it has one, once a connection. No rows, no statement.
   * @param others values of parameters that come after those of the columns
   */
  async run<Answer extends object = never>(
    client: Client,
    statement: { name?: string; text: string },
    rows: readonly Row[] | RowWriter<Row>,
    ...others: unknown[]
  ): Promise<Answer[]> {
    if (rows.length === 0) {
      return [];
    }
    const arrays = rows instanceof RowWriter ? rows.arrays() : this.arrays(rows);
    const values = [...arrays, ...others];
    const answer = await client.query<Answer & Record<string, unknown>>({ ...statement, values });
    if (!(rows instanceof RowWriter)) {
      arrays.forEach((array) => spareBuffers.give(array));
    }
    return answer.rows;
  }
}

/** Rows as arrays of their columns, while they are written. */
export class RowWriter<Row extends object> {
  private readonly arraysByName: readonly (readonly [name: string, array: ArrayWriter])[];
  private readonly key: readonly ArrayWriter[];
  private written?: Buffer[];
  private isGivenBack = false;
  length = 0;

  constructor(list: readonly Column[]) {
    const arrays = list.map((column) => ({ ...column, array: new ArrayWriter(column.type) }));
    this.arraysByName = arrays.map(({ name, array }) => [name, array]);
    this.key = arrays.filter(({ isKey }) => isKey).map(({ array }) => array);
  }

  add(row: Row): void {
    for (const [name, array] of this.arraysByName) {
      array.add((row as Record<string, ArrayValue>)[name]!);
    }
    this.length += 1;
  }

  /** One array a column, the same whenever it is asked for; no row can be added any more. */
  arrays(): Buffer[] {
    if (this.isGivenBack) {
      throw new Error('the arrays of these rows have been given back');
    }
    if (!this.written) {
      const places = this.places();
      this.written = this.arraysByName.map(([, array]) => array.bytes(places));
    }
    return this.written;
  }

  /** To be called when the rows are durable: nothing will ask for the arrays again. */
  giveBack(): void {
    this.written?.forEach((array) => spareBuffers.give(array));
    this.isGivenBack = true;
  }

  /** Of each key the first row, in the order of the keys; undefined without a key: all rows as they came. */
  places(): number[] | undefined {
    const [first] = this.key;
    if (!first) {
      return undefined;
    }
    const numbers = first.sortNumbers();
    const compare = (one: number, other: number): number => {
      let difference = numbers[one]! - numbers[other]!;
      for (let place = 0; difference === 0 && place < this.key.length; place += 1) {
        difference = this.key[place]!.compare(one, other);
      }
      return difference;
    };
    // Rows of one key stay in the order in which they came: sort is stable.
    const sorted = Array.from(numbers.keys()).sort(compare);
    return sorted.filter((place, at) => at === 0 || compare(sorted[at - 1]!, place) !== 0);
  }
}
