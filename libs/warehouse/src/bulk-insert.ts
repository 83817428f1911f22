import type { Client } from './warehouse';

type Value = string | number | boolean | null;

/**
 * Rows for one table, each key once, in the order of their keys: two transactions that insert the same keys then wait for each
 * other instead of deadlocking.
 */
export class Rows {
  /** Where in the columns the row of a key is. */
  private readonly places = new Map<string, number>();
  private readonly unsorted: Value[][] = [];

  /** Adds a row unless its key is there already. */
  add(key: string, ...values: Value[]): void {
    if (this.places.has(key)) {
      return;
    }
    this.places.set(key, this.places.size);
    for (let column = 0; column < values.length; column += 1) {
      (this.unsorted[column] ??= []).push(values[column]!);
    }
  }

  /** The values of each column as one array, rows in the ascending order of their keys. */
  columns(): Value[][] {
    const order = [...this.places.keys()].sort().map((key) => this.places.get(key)!);
    return this.unsorted.map((column) => order.map((place) => column[place]!));
  }

  keys(): Iterable<string> {
    return this.places.keys();
  }

  get size(): number {
    return this.places.size;
  }
}

/**
 * Runs a statement of the form `INSERT ... SELECT ... FROM unnest($1::type[], $2::type[], ...)` with one array per column.
 * The statement is prepared under its name, once a connection. No rows, no statement.
 */
export async function bulkInsert<Row extends object = never>(
  client: Client,
  statement: { name: string; text: string },
  rows: Rows,
): Promise<Row[]> {
  if (rows.size === 0) {
    return [];
  }
  const values = rows.columns().map(arrayText);
  const result = await client.query<Row & Record<string, unknown>>({ ...statement, values });
  return result.rows;
}

/** An array as PostgreSQL reads it, every text in quotes. The driver can do that too, for values of any kind and in thrice the time. */
export function arrayText(values: readonly Value[]): string {
  let text = '{';
  for (const value of values) {
    if (text.length > 1) {
      text += ',';
    }
    if (typeof value !== 'string') {
      text += value === null ? 'NULL' : String(value);
    } else {
      const needsEscape = value.includes('"') || value.includes('\\');
      text += `"${needsEscape ? value.replace(/["\\]/g, '\\$&') : value}"`;
    }
  }
  return `${text}}`;
}
