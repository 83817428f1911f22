import type { Table, View } from '@app/data-vault/columns';

/** A connection, or a transaction of it. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** Writes the declared comments of tables, views and their columns where the database has other ones. */
export async function writeComments(database: Database, declared: readonly (Table | View)[]): Promise<void> {
  const said = declared.flatMap(({ schema, name, comment, columns, ...table }) => [
    { table: `${schema}.${name}`, column: null, comment },
    ...[...columns, ...('added' in table ? table.added : [])].map((column) => ({
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
  SELECT CASE WHEN column_name IS NOT NULL THEN format('COMMENT ON COLUMN %s.%I IS %L', table_name, column_name, comment)
    WHEN relkind = 'v' THEN format('COMMENT ON VIEW %s IS %L', table_name, comment)
    ELSE format('COMMENT ON TABLE %s IS %L', table_name, comment) END AS statement
  FROM unnest($1::regclass[], $2::name[], $3::text[]) AS said (table_name, column_name, comment)
  JOIN pg_class ON pg_class.oid = table_name
  LEFT JOIN pg_attribute ON attrelid = table_name AND attname = column_name
  WHERE comment IS DISTINCT FROM CASE WHEN column_name IS NULL THEN obj_description(table_name, 'pg_class')
    ELSE col_description(table_name, attnum) END`;
