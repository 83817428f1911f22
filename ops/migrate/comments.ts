import type { Table } from '@app/data-vault/columns';

/** A connection, or a transaction of it. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Gives tables and columns the comments of their declarations, where they have others. */
export async function writeComments(database: Database, tables: readonly Table[]): Promise<void> {
  const said = tables.flatMap(({ schema, name, comment, columns, added }) => [
    { table: `${schema}.${name}`, column: null, comment },
    ...[...columns, ...added].map((column) => ({
      table: `${schema}.${name}`,
      column: column.name,
      comment: column.comment,
    })),
  ]);
  const missing = (await database.query(missingComments, [
    said.map(({ table }) => table),
    said.map(({ column }) => column),
    said.map(({ comment }) => comment),
  ])) as { statement: string }[];
  for (const { statement } of missing) {
    await database.query(statement);
  }
}

const missingComments = /* sql */ `
  SELECT CASE WHEN column_name IS NULL THEN format('COMMENT ON TABLE %s IS %L', table_name, comment)
    ELSE format('COMMENT ON COLUMN %s.%I IS %L', table_name, column_name, comment) END AS statement
  FROM unnest($1::regclass[], $2::name[], $3::text[]) AS said (table_name, column_name, comment)
  LEFT JOIN pg_attribute ON attrelid = table_name AND attname = column_name
  WHERE comment IS DISTINCT FROM CASE WHEN column_name IS NULL THEN obj_description(table_name, 'pg_class')
    ELSE col_description(table_name, attnum) END`;
