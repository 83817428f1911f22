import { STAGED_ORDERS } from '@app/contracts/topics';
import type { FloorTable } from './floor-tables';

export interface Column {
  name: string;
  /** As PostgreSQL writes it, e.g. `numeric(19,5)` or `uuid[]`. */
  type: string;
}

/** Columns with the same value in every row: it stands in the statement, as in those of the services. */
const constants: Record<string, string> = { load_src: STAGED_ORDERS, object_type: 'order' };

/**
 * Selects `batch`, the number of its `rows`, and each column of a batch as one array under the column's name. Lists of
 * lists have no array type, so the lists of a column become texts.
 */
export function selectBatches({ rows, key }: FloorTable, columns: readonly Column[]): string {
  const sorted = `ORDER BY ${key.join(', ')}`;
  const arrays = handedOver(columns).map(
    ({ name, type }) => `array_agg(${isList(type) ? `${name}::text` : name} ${sorted}) AS ${name}`,
  );
  return `SELECT batch, count(*) AS rows, ${arrays.join(', ')} FROM (${rows}) AS filled GROUP BY batch ORDER BY batch`;
}

/** Inserts the rows of a batch: one array a column, in the order of {@link handedOver}. */
export function insertBatch({ name, key, counts }: FloorTable, columns: readonly Column[]): string {
  const arrays = handedOver(columns);
  const parameters = arrays.map(({ type }, place) => `$${place + 1}::${isList(type) ? 'text' : type}[]`);
  const values = columns.map(({ name: column, type }) => {
    const constant = constants[column];
    if (constant !== undefined) {
      return `'${constant}'`;
    }
    return isList(type) ? `${column}::${type}` : column;
  });
  const table = name.split('.')[1];
  const sums = (counts ?? []).map((column) => `${column} = ${table}.${column} + EXCLUDED.${column}`);
  const conflict = counts ? `(${key.join(', ')}) DO UPDATE SET ${sums.join(', ')}` : 'DO NOTHING';
  return (
    `INSERT INTO ${name} (${names(columns)}) SELECT ${values.join(', ')} ` +
    `FROM unnest(${parameters.join(', ')}) AS batch (${names(arrays)}) ON CONFLICT ${conflict}`
  );
}

/** The columns whose values change from row to row. */
export function handedOver(columns: readonly Column[]): Column[] {
  return columns.filter(({ name }) => !(name in constants));
}

function isList(type: string): boolean {
  return type.endsWith('[]');
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(', ');
}
