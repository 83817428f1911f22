import { compare, type Check } from './check';

/** Every version that dds gets to see: those without dictionary entries wait. */
const staged = ['order_events', 'superseded_order_events']
  .map(
    (table) => /* sql */ `
      SELECT object_id AS order_id, order_version, sent_dttm, payload, user_entry_pk, restaurant_entry_pk, earlier_menus, load_dt
      FROM stg.${table} WHERE user_entry_pk IS NOT NULL`,
  )
  .join('\nUNION ALL');

const versions = /* sql */ `
  SELECT order_id, order_version, "user" ->> 'id' AS user_id, restaurant ->> 'id' AS restaurant_id, final_status, date AS order_dt,
    sent_dttm, update_ts AS valid_from, cost, payment, bonus_payment, bonus_grant, load_dt
  FROM (${staged}) AS staged CROSS JOIN LATERAL json_to_record(payload) AS given ("user" json, restaurant json, final_status text,
    date timestamp, update_ts timestamp, cost numeric(19, 5), payment numeric(19, 5), bonus_payment numeric(19, 5), bonus_grant numeric(19, 5))`;

const loadedVersions = /* sql */ `
  SELECT order_id, order_version, user_id, restaurant_id, final_status, details.order_dt, sent_dttm, details.valid_from, cost,
    payment, bonus_payment, bonus_grant
  FROM dds.s_order_details details FULL JOIN dds.s_order_cost USING (h_order_pk, order_version)
  JOIN dds.h_order USING (h_order_pk)
  LEFT JOIN dds.l_order_user USING (h_order_pk) LEFT JOIN dds.h_user USING (h_user_pk)
  LEFT JOIN dds.l_order_restaurant USING (h_order_pk) LEFT JOIN dds.h_restaurant USING (h_restaurant_pk)`;

const statuses = /* sql */ `
  SELECT order_id, status, dttm AS valid_from, min(load_dt) AS load_dt
  FROM (${staged}) AS staged CROSS JOIN LATERAL json_to_recordset(
    CASE json_array_length(payload -> 'statuses') WHEN 0
      THEN json_build_array(json_build_object('status', payload ->> 'final_status', 'dttm', payload ->> 'update_ts'))
      ELSE payload -> 'statuses' END) AS given (status text, dttm timestamp)
  GROUP BY order_id, status, dttm`;

/** Of a product that a menu has twice, the first counts; one without id, name or category is none. */
const lines = /* sql */ `
  WITH menus AS MATERIALIZED (
    SELECT DISTINCT ON (entry_pk, item ->> '_id') entry_pk, valid_from, item ->> '_id' AS product_id, item ->> 'name' AS product_name,
      item ->> 'category' AS category_name
    FROM stg.dictionary_entries CROSS JOIN LATERAL json_array_elements(entry -> 'menu') WITH ORDINALITY AS menu (item, place)
    WHERE entry_kind = 'restaurant' AND json_typeof(item -> '_id') = 'string' AND item ->> '_id' <> ''
      AND json_typeof(item -> 'name') = 'string' AND item ->> 'name' <> ''
      AND json_typeof(item -> 'category') = 'string' AND item ->> 'category' <> ''
    ORDER BY entry_pk, item ->> '_id', place
  )
  SELECT order_id, order_version, place::integer AS line, ordered.id AS product_id, ordered.name, price, quantity, category_name,
    payload #>> '{restaurant,id}' AS restaurant_id, product_name, menus.valid_from, load_dt
  FROM (${staged}) AS staged
  CROSS JOIN LATERAL json_array_elements(payload -> 'order_items') WITH ORDINALITY AS items (item, place)
  CROSS JOIN LATERAL json_to_record(item) AS ordered (id text, name text, price numeric(19, 5), quantity numeric(19, 0))
  LEFT JOIN menus ON entry_pk = coalesce((earlier_menus ->> ordered.id)::uuid, restaurant_entry_pk)
    AND menus.product_id = ordered.id`;

/** Distinct rows of a query, with the time when the first of them was staged. */
function each(columns: string, rows: string): string {
  return `SELECT ${columns}, min(load_dt) AS load_dt FROM (${rows}) AS given GROUP BY ${columns}`;
}

const users = /* sql */ `
  SELECT entry_key AS user_id, valid_from, dds.hash_key('s_user_names', entry ->> 'name', entry ->> 'login') AS hashdiff, used.load_dt
  FROM (${each('user_entry_pk', staged)}) AS used (entry_pk) JOIN stg.dictionary_entries USING (entry_pk)`;

/**
 * The vault against staging. What staging has and the vault has not is on its way while it is young, or while stg has
 * not yet sent it.
 * @param graceSeconds so long a version may take from one layer to the next
 */
export function vaultChecks(graceSeconds: number): Check[] {
  const isYoung = `f.is_there IS NULL AND e.load_dt > now() - interval '${graceSeconds} seconds'`;
  return [
    ...versionChecks(`${isYoung} OR f.is_there IS NULL AND e.is_parked`),
    ...nameChecks(isYoung),
    ...menuChecks(isYoung),
  ];
}

/** Versions that are about to be sent are parked still. */
function withParked(rows: string): string {
  return /* sql */ `
    SELECT given.*, parked.object_id IS NOT NULL AS is_parked
    FROM (${rows}) AS given LEFT JOIN stg.pending_orders parked
      ON parked.object_id = given.order_id AND parked.order_version = given.order_version`;
}

/** Orders, version by version. */
function versionChecks(isOnItsWay: string): Check[] {
  return [
    compare({
      table: 'dds.s_order_details',
      against: 'staging (with s_order_cost, l_order_user, l_order_restaurant)',
      key: ['order_id', 'order_version'],
      values: [
        'user_id',
        'restaurant_id',
        'final_status',
        'order_dt',
        'sent_dttm',
        'valid_from',
        'cost',
        'payment',
        'bonus_payment',
        'bonus_grant',
      ],
      expected: withParked(versions),
      expectedBy: 'stg',
      found: loadedVersions,
      isOnItsWay,
    }),
    compare({
      table: 'dds.s_order_product',
      against: 'staging (with l_order_product)',
      key: ['order_id', 'order_version', 'line'],
      values: ['product_id', 'name', 'price', 'quantity', 'category_name'],
      expected: withParked(lines),
      expectedBy: 'stg',
      found: /* sql */ `
        SELECT order_id, order_version, line, product_id, name, price, quantity, category_name
        FROM dds.s_order_product JOIN dds.l_order_product USING (hk_order_product_pk)
        JOIN dds.h_order USING (h_order_pk) JOIN dds.h_product USING (h_product_pk)`,
      isOnItsWay,
    }),
  ];
}

/** What several versions say: a status, and the names of the dictionary. */
function nameChecks(isOnItsWay: string): Check[] {
  return [
    compare({
      table: 'dds.s_order_status',
      against: 'staging',
      key: ['order_id', 'status', 'valid_from'],
      values: [],
      expected: statuses,
      expectedBy: 'stg',
      found:
        'SELECT order_id, status, valid_from FROM dds.s_order_status JOIN dds.h_order USING (h_order_pk)',
      isOnItsWay,
    }),
    compare({
      table: 'dds.s_user_names',
      against: 'staging',
      key: ['user_id', 'valid_from', 'hashdiff'],
      values: [],
      expected: users,
      expectedBy: 'stg',
      found: /* sql */ `
        SELECT user_id, valid_from, hk_user_names_hashdiff AS hashdiff FROM dds.s_user_names JOIN dds.h_user USING (h_user_pk)`,
      isOnItsWay,
    }),
    compare({
      table: 'dds.s_restaurant_names',
      against: 'staging',
      key: ['restaurant_id', 'valid_from', 'name'],
      values: [],
      expected: /* sql */ `
        SELECT entry_key AS restaurant_id, valid_from, entry ->> 'name' AS name, used.load_dt
        FROM (${each('restaurant_entry_pk', staged)}) AS used (entry_pk) JOIN stg.dictionary_entries USING (entry_pk)`,
      expectedBy: 'stg',
      found:
        'SELECT restaurant_id, valid_from, name FROM dds.s_restaurant_names JOIN dds.h_restaurant USING (h_restaurant_pk)',
      isOnItsWay,
    }),
  ];
}

/** What menus say about the products that were ordered. */
function menuChecks(isOnItsWay: string): Check[] {
  return [
    compare({
      table: 'dds.s_product_names',
      against: 'staging',
      key: ['product_id', 'valid_from', 'name'],
      values: [],
      expected: each(
        'product_id, valid_from, name',
        `SELECT product_id, valid_from, product_name AS name, load_dt FROM (${lines}) AS lines`,
      ),
      expectedBy: 'stg',
      found:
        'SELECT product_id, valid_from, name FROM dds.s_product_names JOIN dds.h_product USING (h_product_pk)',
      isOnItsWay,
    }),
    compare({
      table: 'dds.s_product_category',
      against: 'staging (with l_product_category)',
      key: ['product_id', 'category_name', 'valid_from'],
      values: [],
      expected: each('product_id, category_name, valid_from', lines),
      expectedBy: 'stg',
      found: /* sql */ `
        SELECT product_id, category_name, valid_from FROM dds.s_product_category
        JOIN dds.l_product_category USING (hk_product_category_pk)
        JOIN dds.h_product USING (h_product_pk) JOIN dds.h_category USING (h_category_pk)`,
      isOnItsWay,
    }),
    compare({
      table: 'dds.l_product_restaurant',
      against: 'staging',
      key: ['product_id', 'restaurant_id'],
      values: [],
      expected: each('product_id, restaurant_id', lines),
      expectedBy: 'stg',
      found: /* sql */ `
        SELECT product_id, restaurant_id FROM dds.l_product_restaurant
        JOIN dds.h_product USING (h_product_pk) JOIN dds.h_restaurant USING (h_restaurant_pk)`,
      isOnItsWay,
    }),
  ];
}
