import { endianness } from 'node:os';
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
  /** How many columns there are. */
  readonly size: number;

  constructor(private readonly list: readonly Column[]) {
    this.names = list.map(({ name }) => name).join(', ');
    this.size = list.length;
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
    return (await this.answer<Answer>(client, statement, rows, others))?.rows ?? [];
  }

  /**
   * As {@link run}, without rows that come back.
   * @returns how many rows of the table the statement inserted, updated or deleted
   */
  async change(
    client: Client,
    statement: { name?: string; text: string },
    rows: readonly Row[],
  ): Promise<number> {
    return (await this.answer(client, statement, rows, []))?.rowCount ?? 0;
  }

  private async answer<Answer extends object>(
    client: Client,
    statement: { name?: string; text: string },
    rows: readonly Row[] | RowWriter<Row>,
    others: unknown[],
  ) {
    if (rows.length === 0) {
      return undefined;
    }
    const arrays = rows instanceof RowWriter ? rows.arrays() : this.arrays(rows);
    const values = [...arrays, ...others];
    const answer = await client.query<Answer & Record<string, unknown>>({ ...statement, values });
    if (!(rows instanceof RowWriter)) {
      arrays.forEach((array) => spareBuffers.give(array));
    }
    return answer;
  }
}

/** The place of the lower half in a number of 64 bits. */
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
const MOST = 0xffff_ffff;
/** As the rows of one order. */
const FEW = 8;

/** Rows as arrays of their columns, while they are written. */
export class RowWriter<Row extends object> {
  private readonly names: readonly string[];
  private readonly writers: readonly ArrayWriter[];
  private readonly key: readonly ArrayWriter[];
  private written?: Buffer[];
  private isGivenBack = false;
  length = 0;

  constructor(list: readonly Column[]) {
    this.names = list.map(({ name }) => name);
    this.writers = list.map(({ type }) => new ArrayWriter(type));
    this.key = this.writers.filter((_, place) => list[place]!.isKey);
  }

  /** By number: to go through pairs of name and array would make two objects for each value. */
  add(row: Row): void {
    const { names, writers } = this;
    for (let place = 0; place < names.length; place += 1) {
      writers[place]!.add((row as Record<string, ArrayValue>)[names[place]!]!);
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
      this.written = this.writers.map((array) => array.bytes(places));
    }
    return this.written;
  }

  /** To be called when the rows are durable: nothing will ask for the arrays again. */
  giveBack(): void {
    this.written?.forEach((array) => spareBuffers.give(array));
    this.isGivenBack = true;
  }

  /**
   * Of each key the first row, in the order of the keys; undefined without a key: all rows as they came. Sorted as
   * numbers of 64 bits, of which the upper half is the beginning of the key and the lower the place, which takes a
   * tenth of the time of a comparison by a function; only where beginnings are alike the rest of the key is compared.
   */
  places(): number[] | undefined {
    const [first] = this.key;
    if (!first) {
      return undefined;
    }
    const halves = new Uint32Array(2 * this.length);
    const beginnings = first.beginnings(MOST);
    for (let place = 0; place < this.length; place += 1) {
      halves[2 * place + LOW] = place;
      halves[2 * place + HIGH] = beginnings[place]!;
    }
    new BigUint64Array(halves.buffer).sort();
    const places: number[] = [];
    for (let start = 0; start < this.length;) {
      let end = start + 1;
      while (end < this.length && halves[2 * end + HIGH] === halves[2 * start + HIGH]) {
        end += 1;
      }
      if (end - start <= FEW) {
        this.insertFew(places, halves, start, end);
      } else {
        const alike = Array.from({ length: end - start }, (_, at) => halves[2 * (start + at) + LOW]!);
        // One by one: what is spread goes over the stack, which has room for some hundred thousand.
        for (const place of this.firstOfEach(alike)) {
          places.push(place);
        }
      }
      start = end;
    }
    return places;
  }

  /** As {@link firstOfEach}, one after the other, which takes less than it does to sort them. */
  private insertFew(places: number[], halves: Uint32Array, start: number, end: number): void {
    const least = places.length;
    for (let next = start; next < end; next += 1) {
      const place = halves[2 * next + LOW]!;
      let at = places.length;
      while (at > least && this.compare(places[at - 1]!, place) > 0) {
        at -= 1;
      }
      if (at === least || this.compare(places[at - 1]!, place) !== 0) {
        places.push(place);
        for (let to = places.length - 1; to > at; to -= 1) {
          places[to] = places[to - 1]!;
        }
        places[at] = place;
      }
    }
  }

  /** @param places in the order in which the rows came, which sorting keeps for rows of one key */
  private firstOfEach(places: number[]): number[] {
    const sorted = places.sort((one, other) => this.compare(one, other));
    return sorted.filter((place, at) => at === 0 || this.compare(sorted[at - 1]!, place) !== 0);
  }

  private compare(one: number, other: number): number {
    for (const column of this.key) {
      const difference = column.compare(one, other);
      if (difference !== 0) {
        return difference;
      }
    }
    return 0;
  }
}
