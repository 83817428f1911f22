import type { VaultTable } from '@app/data-vault/declare';
import { keyOf } from '@app/data-vault/digest-sql';
import { marts } from '../../apps/cdm/src/marts/marts';
import { orderTable, vaultTables } from '../../apps/dds/src/vault/vault';
import { recount, recountUsers } from '../../apps/cdm/src/marts/recount';
import { expectedRows } from '../../ops/reconcile/expected-marts';
import type { ServiceName } from '../services/local-services';

type MartTable = (typeof marts)[number];

/** How a table is filled by plain SQL. */
export interface FloorTable {
  /** With its schema. */
  name: string;
  /** Selects the rows of all batches: the columns of the table, and `batch`. */
  rows: string;
  /** Columns by which the rows of a batch are sorted, as the services sort them. */
  key: string[];
  /** Columns that are added to where there is a row already; without any, that row is left as it is. */
  counts?: string[];
}

/** The hubs whose rows orders lead to, each with the link by which they do: from `h_order` on. */
const leadingLinks = linksFrom([orderTable]);

/**
 * In which batch things come first. An order belongs to the batch in which it arrived; what many orders share is
 * written with the first of them. Expects `arrival(object_id, batch)`.
 */
export const batchesOfThings = /* sql */ `
  CREATE TEMP TABLE order_batch AS
    SELECT h_order_pk, batch FROM dds.h_order JOIN arrival ON order_id = object_id;
  ${leadingLinks.map(({ link, hub }) => batchesOfHub(link, hub)).join('')}
  CREATE TEMP TABLE entry_batch AS
    SELECT entry_pk, min(batch) AS batch
    FROM (SELECT * FROM stg.order_events UNION ALL SELECT * FROM stg.superseded_order_events) versions
    JOIN arrival USING (object_id), unnest(ARRAY[user_entry_pk, restaurant_entry_pk]) AS entry_pk
    GROUP BY 1;
  ANALYZE arrival, order_batch, entry_batch${leadingLinks.map(({ hub }) => `, ${batchTable(hub)}`).join('')};
`;

/** The ledger with the batch of each order. */
const ARRIVED = '(SELECT * FROM cdm.order_versions JOIN arrival USING (object_id))';

/** The tables of each layer in the order in which a batch writes them: parents before children. */
export const floorTables: Record<ServiceName, FloorTable[]> = {
  stg: [
    rowsOf('stg.dictionary_entries', 'entry_batch USING (entry_pk)', 'entry_pk'),
    rowsOf('stg.order_events', 'arrival USING (object_id)', 'object_id'),
    rowsOf('stg.superseded_order_events', 'arrival USING (object_id)', 'object_id', 'order_version'),
  ],
  dds: [orderTable, ...vaultTables].map(vaultRows),
  cdm: [
    {
      name: 'cdm.users',
      rows: /* sql */ `
        SELECT batch, user_id, source_user_id, coalesce(closed_order_cnt, 0) AS closed_order_cnt
        FROM (SELECT DISTINCT batch, user_id FROM ${ARRIVED} AS arrived) AS seen
        JOIN (SELECT user_id, source_user_id FROM cdm.users) AS known USING (user_id)
        LEFT JOIN (${recountUsers(ARRIVED, ['batch'])}) AS counted USING (batch, user_id)`,
      key: ['user_id'],
      counts: ['closed_order_cnt'],
    },
    rowsOf('cdm.order_versions', 'arrival USING (object_id)', 'order_id'),
    rowsOf('cdm.product_names', 'product_batch ON h_product_pk = product_id', 'product_id'),
    rowsOf('cdm.restaurant_names', 'restaurant_batch ON h_restaurant_pk = restaurant_id', 'restaurant_id'),
    ...marts.map(increments),
  ],
};

/** Breadth first: a hub is written with the first order that leads to it. */
function linksFrom(known: VaultTable[]): { link: VaultTable; hub: VaultTable }[] {
  const found = vaultTables.flatMap((link) => {
    const [first, ...others] = link.kind === 'link' ? link.parents : [];
    return first && known.includes(first.table) ? others.map(({ table }) => ({ link, hub: table })) : [];
  });
  const fresh = found.filter(
    ({ hub }, place) => !known.includes(hub) && found.findIndex((other) => other.hub === hub) === place,
  );
  return fresh.length > 0 ? [...fresh, ...linksFrom([...known, ...fresh.map(({ hub }) => hub)])] : [];
}

function batchesOfHub(link: VaultTable, hub: VaultTable): string {
  const [first] = link.parents;
  return /* sql */ `
  CREATE TEMP TABLE ${batchTable(hub)} AS
    SELECT ${keyOf(hub)}, min(batch) AS batch
    FROM dds.${link.name} JOIN ${batchTable(first!.table)} USING (${first!.column}) GROUP BY 1;`;
}

/** `user_batch` of `h_user`. */
function batchTable({ name }: VaultTable): string {
  return `${name.slice(2)}_batch`;
}

/** The rows of a table of the vault, each with the first hub that it belongs to. */
function vaultRows(table: VaultTable): FloorTable {
  const key = table.columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  return rowsOf(`dds.${table.name}`, batchOf(table), ...key);
}

function batchOf(table: VaultTable): string {
  if (table.kind === 'hub') {
    return `${batchTable(table)} USING (${keyOf(table)})`;
  }
  const [{ column, table: parent }] = table.parents as [VaultTable['parents'][number]];
  return parent.kind === 'hub'
    ? batchOf(parent)
    : `dds.${parent.name} USING (${column}) JOIN ${batchOf(parent)}`;
}

function rowsOf(name: string, batches: string, ...key: string[]): FloorTable {
  return { name, rows: `SELECT batch, filled.* FROM ${name} filled JOIN ${batches}`, key };
}

/** What each batch adds to a mart; nothing else is written meanwhile, so one slot is enough. */
function increments(mart: MartTable): FloorTable {
  const key = mart.grain.map(({ column }) => column);
  const counts = mart.measures.map(({ column }) => column);
  const users = mart.measures.find(({ rowsOf: counter }) => counter);
  const expected = expectedRows(mart, ARRIVED, ['batch']);
  const rows = users ? withNewUsers(mart, users, expected) : expected;
  return mart.slots
    ? {
        name: mart.slots.table,
        rows: `SELECT *, 0 AS slot FROM (${rows}) AS counted`,
        key: [...key, 'slot'],
        counts,
      }
    : { name: `cdm.${mart.name}`, rows, key, counts };
}

/** Of the users of a batch those count who had no such order in the batches before. */
function withNewUsers(
  { grain, columns }: MartTable,
  { column, rowsOf: counter }: MartTable['measures'][number],
  rows: string,
): string {
  const thing = grain.map((dimension) => dimension.column).join(', ');
  const others = columns.flatMap(({ name }) => (name === column ? [] : name)).join(', ');
  return /* sql */ `
    SELECT batch, ${others}, coalesce(new_users, 0) AS ${column}
    FROM (${rows}) AS counted LEFT JOIN (
      SELECT batch, ${thing}, count(*)::integer AS new_users
      FROM (
        SELECT ${thing}, min(batch) AS batch FROM (${recount(counter!, ARRIVED, ['batch'])}) AS of_users GROUP BY ${thing}, user_id
      ) AS first GROUP BY batch, ${thing}
    ) AS first USING (batch, ${thing})`;
}
