import type { Client } from '@app/warehouse/warehouse';
import { Columns, type Column, type RowWriter } from '@app/warehouse/columns';
import type { TableClass } from './columns';
import { tableOf, type NewRow, type VaultTable } from './declare';
import { hashdiff, type Digest } from './hash-key';
import { bucketOf } from './user-place';

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

type Values = Record<string, string | number | null>;

/**
 * Rows for tables of the vault, written as they come: neither they nor what they are made of is kept. Of a row that is
 * there several times, one goes in.
 */
export class VaultRows {
  private readonly byTable = new Map<VaultTable, RowWriter<Values>>();

  /**
   * Adds what the things stand for.
   * @param userOf hash key of the user to whom the rows of a thing belong, if they belong to one
   */
  add<Thing>(
    things: Iterable<Thing>,
    makers: readonly RowMaker<Thing>[],
    userOf?: (thing: Thing) => Digest,
  ): this {
    for (const thing of things) {
      const bucket = userOf ? bucketOf(userOf(thing)) : null;
      for (const { table, rows } of makers) {
        const writer = this.of(table);
        for (const row of rows(thing) as Iterable<Values>) {
          if (table.bucket) {
            row.bucket = bucket;
          }
          writer.add(withHashdiff(table, row));
        }
      }
    }
    return this;
  }

  /** To be called when they are durable. */
  giveBack(): void {
    this.byTable.forEach((rows) => rows.giveBack());
  }

  of(table: VaultTable): RowWriter<Values> {
    const rows = this.byTable.get(table) ?? columnsOf(table).writer();
    this.byTable.set(table, rows);
    return rows;
  }
}

/** As they go in, for those who look at them. */
export function rowsWithHashdiff<Thing>({ table, rows }: RowMaker<Thing>, thing: Thing): Values[] {
  return Array.from(rows(thing), (row) => withHashdiff(table, row as Values));
}

/** Adds the hashdiff to a row that is on its way into the table, and nowhere else. */
function withHashdiff({ name, hashdiff: column, attributes }: VaultTable, row: Values): Values {
  if (column !== undefined) {
    row[column] = hashdiff(
      name,
      attributes.map((attribute) => textOf(row[attribute]!)),
    );
  }
  return row;
}

function textOf(value: string | number | null): string | null {
  return typeof value === 'number' ? String(value) : value;
}

const known = new WeakMap<VaultTable, Columns<Values>>();

/** The columns of a table that its rows say, and the bucket, folded and sorted by its primary key. */
export function columnsOf(table: VaultTable): Columns<Values> {
  const columns =
    known.get(table) ?? new Columns([...table.columns, ...(table.bucket ? [table.bucket] : [])] as Column[]);
  known.set(table, columns);
  return columns;
}

/**
 * Inserts the rows of a table, in one statement; a repeat inserts nothing.
 * @returns what `returning` asks of the rows that are new
 */
export function insertRows<Answer extends object = never>(
  client: Client,
  table: VaultTable,
  rows: VaultRows,
  { schema = 'dds', loadSrc, returning = '' }: { schema?: string; loadSrc: string; returning?: string },
): Promise<Answer[]> {
  const columns = columnsOf(table);
  const text = /* sql */ `
    INSERT INTO ${schema}.${table.name} (${columns.names}, load_src)
    SELECT ${columns.names}, '${loadSrc}' FROM ${columns.unnest('loaded')}
    ON CONFLICT DO NOTHING${returning && ` RETURNING ${returning}`}`;
  return columns.run<Answer>(client, { name: `${schema}.${table.name}`, text }, rows.of(table));
}
