import type { TableColumn } from './columns';
import type { VaultTable } from './declare';

/** A part of a digest: a column of the table itself, or of a hub that it leads to. */
interface Part {
  table: VaultTable;
  column: TableColumn;
}

/**
 * Hash key of a hub or link, or hashdiff of a satellite, as PostgreSQL computes it from what is stored.
 * @param valueOf what is taken for a column; by itself the column of `alias`, the name of its table
 */
export function digestSql(
  table: VaultTable,
  valueOf = ({ table: { name }, column }: Part) => `${name}.${column.name}`,
): string {
  const parts = partsOf(table).map((part) => asText(part.column, valueOf(part)));
  return `dds.hash_key(${[`'${table.name}'`, ...parts].join(', ')})`;
}

/** The table, with the hubs and links that parts of its digest are in, each under its own name. */
export function digestFrom(table: VaultTable): string {
  const isOfOthers = partsOf(table).some((part) => part.table !== table);
  return [`dds.${table.name}`, ...(isOfOthers ? joins(table) : [])].join(' ');
}

function joins(table: VaultTable): string[] {
  return table.parents.flatMap(({ column, table: parent }) => [
    `JOIN dds.${parent.name} ON ${parent.name}.${keyOf(parent)} = ${table.name}.${column}`,
    ...joins(parent),
  ]);
}

/** @throws where a hashdiff is over what is neither in the table nor a business key that it leads to */
function partsOf(table: VaultTable): Part[] {
  const ofParents = () => table.parents.flatMap(({ table: parent }) => partsOf(parent));
  switch (table.kind) {
    case 'hub':
      return [{ table, column: columnOf(table, table.businessKey)! }];
    case 'link':
      return ofParents();
    case 'satellite':
      return table.attributes.map((name) => {
        const own = columnOf(table, name);
        const part = own ? { table, column: own } : ofParents().find(({ column }) => column.name === name);
        if (!part) {
          throw new TypeError(
            `${table.name}: no table that it leads to has ${name}, which its hashdiff is over`,
          );
        }
        return part;
      });
  }
}

/** The text of a value, as the services hash it. */
function asText({ type }: TableColumn, value: string): string {
  if (type === 'text') {
    return value;
  }
  return type === 'numeric' ? `trim_scale(${value})::text` : `(${value})::text`;
}

function columnOf({ columns }: VaultTable, name: string | undefined): TableColumn | undefined {
  return columns.find((column) => column.name === name);
}

/** The hash key of a hub or link. */
export function keyOf({ columns }: VaultTable): string {
  return columns.find(({ isKey }) => isKey)!.name;
}
