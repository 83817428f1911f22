import type { Client } from '@app/warehouse/warehouse';

/** Does work with a connection to the server that has the rows. */
export type Lender = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** Rows that are sent at a time. */
const STEP_ROWS = 5_000;

/**
 * The rows of a query as a relation that statements of another server can name, with an alias. On that server it is a
 * temporary table, as of now; it ends with the transaction, or when the next one of its name is lent. The schemas of
 * all layers are on each server, those of other layers empty, so the query gives the table its columns there.
 * @param from undefined: the rows are on the same server, and the relation is the query itself
 * @param name of the temporary table
 */
export async function lend(
  to: Client,
  from: Lender | undefined,
  name: string,
  query: string,
): Promise<string> {
  if (!from) {
    return `(${query})`;
  }
  const table = `pg_temp.${name}`;
  await to.query(`DROP TABLE IF EXISTS ${table}`);
  await to.query(`CREATE TEMP TABLE ${name} ON COMMIT DROP AS ${query} WITH NO DATA`);
  await from((client) => sendRows(client, query, to, table));
  await to.query(`ANALYZE ${table}`);
  return table;
}

/** As texts of whole rows, which a type of the server reads again: exact for every type. */
async function sendRows(from: Client, query: string, to: Client, table: string): Promise<void> {
  await from.query(`DECLARE lent NO SCROLL CURSOR FOR SELECT lent::text AS line FROM (${query}) AS lent`);
  for (;;) {
    const { rows } = await from.query<{ line: string }>(`FETCH ${STEP_ROWS} FROM lent`);
    if (rows.length === 0) {
      break;
    }
    const lines = rows.map(({ line }) => line);
    await to.query(`INSERT INTO ${table} SELECT * FROM unnest($1::${table}[])`, [lines]);
  }
  await from.query('CLOSE lent');
}
