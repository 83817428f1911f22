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

/**
 * In which batch things come first. An order belongs to the batch in which it arrived; what many orders share is written with the
 * first of them. Expects `arrival(object_id, batch)`.
 */
export const batchesOfThings = /* sql */ `
  CREATE TEMP TABLE order_batch AS
    SELECT h_order_pk, batch FROM dds.h_order JOIN arrival ON order_id = object_id;
  CREATE TEMP TABLE user_batch AS
    SELECT h_user_pk, min(batch) AS batch FROM dds.l_order_user JOIN order_batch USING (h_order_pk) GROUP BY 1;
  CREATE TEMP TABLE restaurant_batch AS
    SELECT h_restaurant_pk, min(batch) AS batch FROM dds.l_order_restaurant JOIN order_batch USING (h_order_pk) GROUP BY 1;
  CREATE TEMP TABLE product_batch AS
    SELECT h_product_pk, min(batch) AS batch FROM dds.l_order_product JOIN order_batch USING (h_order_pk) GROUP BY 1;
  CREATE TEMP TABLE category_batch AS
    SELECT h_category_pk, min(batch) AS batch FROM dds.l_product_category JOIN product_batch USING (h_product_pk) GROUP BY 1;
  CREATE TEMP TABLE entry_batch AS
    SELECT entry_pk, min(batch) AS batch
    FROM (SELECT * FROM stg.order_events UNION ALL SELECT * FROM stg.superseded_order_events) versions
    JOIN arrival USING (object_id), unnest(ARRAY[user_entry_pk, restaurant_entry_pk]) AS entry_pk
    GROUP BY 1;
  CREATE TEMP TABLE counted AS
    SELECT batch, user_id, restaurant_id, product_ids, category_ids
    FROM cdm.order_versions JOIN arrival USING (object_id) WHERE status = 'CLOSED';
  ANALYZE arrival, order_batch, user_batch, restaurant_batch, product_batch, category_batch, entry_batch, counted;
`;

const distinctCategories = '(SELECT DISTINCT category_id FROM unnest(category_ids) AS category_id)';

/** The tables of each layer in the order in which a batch writes them: parents before children. */
export const floorTables: Record<ServiceName, FloorTable[]> = {
  stg: [
    rowsOf('stg.dictionary_entries', 'entry_batch USING (entry_pk)', 'entry_pk'),
    rowsOf('stg.order_events', 'arrival USING (object_id)', 'object_id'),
    rowsOf('stg.superseded_order_events', 'arrival USING (object_id)', 'object_id', 'order_version'),
  ],
  dds: [
    rowsOf('dds.h_user', 'user_batch USING (h_user_pk)', 'h_user_pk'),
    rowsOf('dds.h_restaurant', 'restaurant_batch USING (h_restaurant_pk)', 'h_restaurant_pk'),
    rowsOf('dds.h_product', 'product_batch USING (h_product_pk)', 'h_product_pk'),
    rowsOf('dds.h_category', 'category_batch USING (h_category_pk)', 'h_category_pk'),
    rowsOf('dds.h_order', 'order_batch USING (h_order_pk)', 'h_order_pk'),
    rowsOf('dds.l_order_user', 'order_batch USING (h_order_pk)', 'hk_order_user_pk'),
    rowsOf('dds.l_order_restaurant', 'order_batch USING (h_order_pk)', 'hk_order_restaurant_pk'),
    rowsOf('dds.l_order_product', 'order_batch USING (h_order_pk)', 'hk_order_product_pk'),
    rowsOf('dds.l_product_restaurant', 'product_batch USING (h_product_pk)', 'hk_product_restaurant_pk'),
    rowsOf('dds.l_product_category', 'product_batch USING (h_product_pk)', 'hk_product_category_pk'),
    rowsOf('dds.s_user_names', 'user_batch USING (h_user_pk)', 'h_user_pk', 'valid_from'),
    rowsOf(
      'dds.s_restaurant_names',
      'restaurant_batch USING (h_restaurant_pk)',
      'h_restaurant_pk',
      'valid_from',
    ),
    rowsOf('dds.s_product_names', 'product_batch USING (h_product_pk)', 'h_product_pk', 'valid_from'),
    rowsOf(
      'dds.s_product_category',
      'dds.l_product_category USING (hk_product_category_pk) JOIN product_batch USING (h_product_pk)',
      'hk_product_category_pk',
      'valid_from',
    ),
    rowsOf('dds.s_order_status', 'order_batch USING (h_order_pk)', 'h_order_pk', 'valid_from'),
    rowsOf('dds.s_order_cost', 'order_batch USING (h_order_pk)', 'h_order_pk', 'order_version'),
    rowsOf('dds.s_order_details', 'order_batch USING (h_order_pk)', 'h_order_pk', 'order_version'),
    rowsOf(
      'dds.s_order_product',
      'dds.l_order_product USING (hk_order_product_pk) JOIN order_batch USING (h_order_pk)',
      'hk_order_product_pk',
      'order_version',
      'line',
    ),
  ],
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
