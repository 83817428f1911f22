import type { Layer } from '../servers/databases';

/**
 * A query for the rows in which two places of the warehouse differ: `key`, `expected` and `found` as JSON, and `waits`.
 * It runs on the server of the table.
 */
export interface Check {
  /** What is looked at: the table that would be wrong, and with what it is compared. */
  table: string;
  against: string;
  /** What the query needs of another layer: a query for that layer. */
  lent?: { by: Layer; query: string };
  /** @param lent the relation with the rows of that query */
  query: (lent: string) => string;
}

/** Two queries for what must be the same rows. */
export interface Comparison {
  table: string;
  against: string;
  /** Columns that identify a row. */
  key: string[];
  /** The other columns that are compared. */
  values: string[];
  expected: string;
  /** The layer that says what is expected. Default: the one of the table */
  expectedBy?: Layer;
  found: string;
  /** A condition on `e`, the expected row, and `f`, the one that was found: such a difference is only on its way. */
  isOnItsWay?: string;
  /** The same for a difference that is none. */
  isAllowed?: string;
}

export function compare(comparison: Comparison): Check {
  const { table, against, key, values, expected, expectedBy, found } = comparison;
  const { isOnItsWay = 'false', isAllowed = 'false' } = comparison;
  const side = (name: string) =>
    `CASE WHEN ${name}.is_there THEN ${json(values, (column) => `${name}.${column}`)} END`;
  const row = (name: string) => `ROW(${values.map((column) => `${name}.${column}`).join(', ')})`;
  return {
    table,
    against,
    lent: expectedBy && { by: expectedBy, query: expected },
    query: (lent) => /* sql */ `
      SELECT ${json(key, (column) => column)} AS key, ${side('e')} AS expected, ${side('f')} AS found,
        coalesce(${isOnItsWay}, false) AS waits
      FROM (SELECT true AS is_there, * FROM ${expectedBy ? lent : `(${expected})`} AS rows) AS e
      FULL JOIN (SELECT true AS is_there, * FROM (${found}) AS rows) AS f USING (${key.join(', ')})
      WHERE (e.is_there IS DISTINCT FROM f.is_there OR ${row('e')} IS DISTINCT FROM ${row('f')})
        AND NOT coalesce(${isAllowed}, false)`,
  };
}

/**
 * A digest that is stored, and the same computed again.
 * @param table without its schema
 * @param from the table, and what else is needed to compute the digest
 */
export function recompute(table: string, key: string[], column: string, digest: string, from: string): Check {
  return {
    table: `dds.${table}`,
    against: 'its digests, computed again',
    query: () => /* sql */ `
      SELECT ${json(key, (name) => name)} AS key, json_build_object('${column}', digest::text) AS expected,
        json_build_object('${column}', ${column}::text) AS found, false AS waits
      FROM (SELECT ${table}.*, ${digest} AS digest FROM ${from}) AS computed
      WHERE ${column} IS DISTINCT FROM digest`,
  };
}

/** All as texts: JSON's own numbers are not exact everywhere. */
function json(columns: string[], expression: (column: string) => string): string {
  return `json_build_object(${columns.map((column) => `'${column}', ${expression(column)}::text`).join(', ')})`;
}
