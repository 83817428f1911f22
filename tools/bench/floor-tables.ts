import type { VaultTable } from '@app/data-vault/declare';
import { keyOf } from '@app/data-vault/digest-sql';
import { orderTable, vaultTables } from '../../apps/dds/src/vault';
import type { ServiceName } from '../services/local-services';

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
 * In which batch things come first. An order belongs to the batch in which it arrived; what many orders share is written with the
 * first of them. Expects `arrival(object_id, batch)`.
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
  CREATE TEMP TABLE counted AS
    SELECT batch, user_id, restaurant_id, product_ids, category_ids
    FROM cdm.order_versions JOIN arrival USING (object_id) WHERE status = 'CLOSED';
  ANALYZE arrival, order_batch, entry_batch, counted${leadingLinks.map(({ hub }) => `, ${batchTable(hub)}`).join('')};
`;

const distinctCategories = '(SELECT DISTINCT category_id FROM unnest(category_ids) AS category_id)';

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
        SELECT batch, user_id, source_user_id, count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_order_cnt
        FROM cdm.order_versions JOIN arrival USING (object_id) JOIN cdm.users USING (user_id) GROUP BY 1, 2, 3`,
      key: ['user_id'],
      counts: ['closed_order_cnt'],
    },
    rowsOf('cdm.order_versions', 'arrival USING (object_id)', 'order_id'),
    rowsOf('cdm.product_names', 'product_batch ON h_product_pk = product_id', 'product_id'),
    rowsOf('cdm.restaurant_names', 'restaurant_batch ON h_restaurant_pk = restaurant_id', 'restaurant_id'),
    counter(
      'cdm.user_product_counters',
      `counted CROSS JOIN unnest(product_ids) AS product_id JOIN cdm.product_names USING (product_id)`,
      ['product_id', 'user_id'],
      'product_name',
    ),
    counter(
      'cdm.user_category_counters',
      `counted CROSS JOIN LATERAL ${distinctCategories} AS category JOIN dds.h_category ON h_category_pk = category_id`,
      ['user_id', 'category_id'],
      'category_name',
    ),
    counter(
      'cdm.restaurant_category_counters',
      `counted CROSS JOIN LATERAL ${distinctCategories} AS category JOIN dds.h_category ON h_category_pk = category_id
       JOIN cdm.restaurant_names USING (restaurant_id)`,
      ['restaurant_id', 'category_id'],
      'restaurant_name',
      'category_name',
    ),
    {
      name: 'cdm.daily_sales',
      rows: /* sql */ `
        SELECT batch, order_dt::date AS day, restaurant_id, count(*)::integer AS order_cnt,
          count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_order_cnt,
          coalesce(sum(cost) FILTER (WHERE status = 'CLOSED'), 0) AS cost,
          coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0) AS payment
        FROM cdm.order_versions JOIN arrival USING (object_id) GROUP BY 1, 2, 3`,
      key: ['day', 'restaurant_id'],
      counts: ['order_cnt', 'closed_order_cnt', 'cost', 'payment'],
    },
    popularity(
      'cdm.product_popularity',
      'product_id',
      'counted CROSS JOIN unnest(product_ids) AS product_id',
    ),
    popularity(
      'cdm.category_popularity',
      'category_id',
      `counted CROSS JOIN LATERAL ${distinctCategories} AS category JOIN dds.h_category ON h_category_pk = category_id`,
      'category_name',
    ),
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

/** The increments of each batch: how many of its orders are of a grain. */
function counter(name: string, orders: string, grain: string[], ...names: string[]): FloorTable {
  const columns = [...grain, ...names].join(', ');
  const rows = `SELECT batch, ${columns}, count(*)::integer AS order_cnt FROM ${orders} GROUP BY batch, ${columns}`;
  return { name, rows, key: grain, counts: ['order_cnt'] };
}

/** The increments of each batch: its orders with a thing, and their users who had none in the batches before. */
function popularity(name: string, thing: string, lines: string, ...names: string[]): FloorTable {
  const columns = [thing, ...names].join(', ');
  const rows = /* sql */ `
    SELECT batch, ${columns}, count(*)::integer AS order_cnt, count(*) FILTER (WHERE place = 1)::integer AS user_cnt
    FROM (SELECT batch, ${columns}, row_number() OVER (PARTITION BY ${thing}, user_id ORDER BY batch) AS place FROM ${lines}) line
    GROUP BY batch, ${columns}`;
  return { name, rows, key: [thing], counts: ['order_cnt', 'user_cnt'] };
}
