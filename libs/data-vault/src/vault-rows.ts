import type { Client } from '@app/warehouse/warehouse';
import { binaryArray, type ArrayType, type ArrayValue } from '@app/warehouse/binary-array';
import type { TableClass } from './columns';
import { tableOf, type NewRow, type VaultTable } from './declare';
import { hashdiff, type Digest } from './hash-key';

/** The rows that one kind of thing stands for in one table. */
export interface RowMaker<Thing> {
  table: VaultTable;
  rows: (thing: Thing) => Iterable<object>;
}

/**
 * The rows of a table that a thing stands for, by the names of their columns. The hashdiff is worked out from them.
 * @param rows also gives what a hashdiff is over that is no column
 */
export function rowsOf<Row extends object, Thing>(
  entity: TableClass<Row>,
  rows: (thing: Thing) => Iterable<NewRow<Row>>,
): RowMaker<Thing> {
  return { table: tableOf(entity), rows: rows as (thing: Thing) => Iterable<object> };
}

/** Rows for tables of the vault, each once. */
export class VaultRows {
  private readonly byTable = new Map<VaultTable, TableRows>();

  /** Adds what the things stand for, each row unless it is there already. */
  add<Thing>(things: Iterable<Thing>, makers: readonly RowMaker<Thing>[]): this {
    for (const { table, rows } of makers) {
      const known = this.byTable.get(table) ?? new TableRows(table);
      this.byTable.set(table, known);
      for (const thing of things) {
        for (const row of rows(thing)) {
          known.add(row as Values);
        }
      }
    }
    return this;
  }

  /** @returns nothing where there are no rows */
  of(table: VaultTable): TableRows | undefined {
    const rows = this.byTable.get(table);
    return rows && rows.size > 0 ? rows : undefined;
  }
}

type Values = Record<string, ArrayValue>;

/** Rows of one table, by column. */
class TableRows {
  /** Where in the columns the row of a key is. */
  private readonly places = new Map<string, number>();
  private readonly unsorted: ArrayValue[][];

  constructor(private readonly table: VaultTable) {
    this.unsorted = table.columns.map(() => []);
  }

  get size(): number {
    return this.places.size;
  }

  add(row: Values): void {
    const { columns, hashdiff: diffColumn } = this.table;
    const digest = diffColumn === undefined ? undefined : this.hashdiffOf(row);
    let key = '';
    for (const { name, isKey } of columns) {
      if (isKey) {
        const value = name === diffColumn ? digest! : row[name]!;
        // Numbers sort as such up to a thousand million.
        key += typeof value === 'number' ? String(value).padStart(9, '0') : value;
      }
    }
    if (this.places.has(key)) {
      return;
    }
    this.places.set(key, this.places.size);
    for (let place = 0; place < columns.length; place += 1) {
      const { name } = columns[place]!;
      this.unsorted[place]!.push(name === diffColumn ? digest! : row[name]!);
    }
  }

  /**
   * The values of each column, rows in the order of their keys: two transactions that insert the same keys then wait for each other
   * instead of deadlocking.
   */
  columns(): ArrayValue[][] {
    const order = [...this.places.keys()].sort().map((key) => this.places.get(key)!);
    return this.unsorted.map((column) => order.map((place) => column[place]!));
  }

  private hashdiffOf(row: Values): Digest {
    const { name, attributes } = this.table;
    return hashdiff(
      name,
      attributes.map((attribute) => {
        const value = row[attribute]!;
        return typeof value === 'number' ? String(value) : value;
      }),
    );
  }
}

/**
 * Inserts the rows of a table, in one statement; a repeat inserts nothing.
 * @returns what `returning` asks of the rows that are new
 */
export async function insertRows<Answer extends object = never>(
  client: Client,
  table: VaultTable,
  rows: VaultRows,
  { schema = 'dds', loadSrc, returning = '' }: { schema?: string; loadSrc: string; returning?: string },
): Promise<Answer[]> {
  const columns = rows.of(table)?.columns();
  if (!columns) {
    return [];
  }
  const answer = await client.query<Answer & Record<string, unknown>>({
    name: `${schema}.${table.name}`,
    text: insertStatement(table, schema, loadSrc, returning),
    values: columns.map((values, place) => binaryArray(table.columns[place]!.type as ArrayType, values)),
  });
  return answer.rows;
}

function insertStatement(
  { name, columns }: VaultTable,
  schema: string,
  loadSrc: string,
  returning: string,
): string {
  const names = columns.map((column) => column.name).join(', ');
  const arrays = columns.map(({ type }, place) => `$${place + 1}::${type}[]`);
  return /* sql */ `
    INSERT INTO ${schema}.${name} (${names}, load_src)
    SELECT ${names}, '${loadSrc}'
    FROM unnest(${arrays.join(', ')}) AS loaded (${names})
    ON CONFLICT DO NOTHING${returning && ` RETURNING ${returning}`}`;
}
