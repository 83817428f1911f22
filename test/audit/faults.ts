/** A change by hand of one row, and what the auditor has to name. */
export interface Fault {
  /** One statement, which answers the key by which the auditor names the row. */
  plant: string;
  /** The table that the auditor names. */
  table: string;
  /** The column that it names; `*`: the whole row. */
  column: string;
}

interface Other {
  /** Which rows are meant; the first of them is changed. */
  where?: string;
  /** The key by which the auditor names the row, as SQL over the row, by name. Default: that of the statement */
  named?: string;
  /** Default: the table that is changed */
  table?: string;
  /** Default: the column that is changed */
  column?: string;
}

const update = (changed: string, key: string, set: string, other: Other = {}): Fault => ({
  plant: `UPDATE ${changed} AS row SET ${set} WHERE ${first(changed, key, other)} RETURNING ${named(key, other)}`,
  table: other.table ?? changed,
  column: other.column ?? /^\w+/.exec(set)![0],
});

const remove = (changed: string, key: string, other: Other = {}): Fault => ({
  plant: `DELETE FROM ${changed} AS row WHERE ${first(changed, key, other)} RETURNING ${named(key, other)}`,
  table: other.table ?? changed,
  column: other.column ?? '*',
});

/** @param rows a query for the rows that may come; the first one does */
const insert = (changed: string, columns: string, rows: string, key: string): Fault => ({
  plant: `INSERT INTO ${changed} (${columns}) ${rows} LIMIT 1 RETURNING ${named(key, {})}`,
  table: changed,
  column: '*',
});

function first(table: string, key: string, { where = 'true' }: Other): string {
  return `(${key}) = (SELECT ${key} FROM ${table} AS row WHERE ${where} ORDER BY ${key} LIMIT 1)`;
}

function named(key: string, other: Other): string {
  return (
    other.named ??
    key
      .split(', ')
      .map((column) => `${column}::text AS ${column}`)
      .join(', ')
  );
}

const inVault = 'EXISTS (SELECT FROM dds.h_order WHERE order_id = object_id)';
const placed = 'EXISTS (SELECT FROM dds.l_order_user link WHERE link.h_user_pk = row.h_user_pk)';
const slotOfDay = 'order_cnt > 0';
const orderKey = `dds.hash_key('h_order', object_id::text)::text AS h_order_pk`;

const inMarts: Fault[] = [
  update('cdm.user_category_counters', 'user_id, category_id', 'order_cnt = order_cnt + 1'),
  update('cdm.user_category_counters', 'user_id, category_id', `category_name = 'Nothing'`),
  remove('cdm.user_category_counters', 'user_id, category_id'),
  insert(
    'cdm.user_category_counters',
    'user_id, category_id, category_name, order_cnt',
    `SELECT user_id, category_id, category_name, 1 FROM cdm.users, cdm.category_popularity popular WHERE NOT EXISTS (
      SELECT FROM cdm.user_category_counters one WHERE (one.user_id, one.category_id) = (users.user_id, popular.category_id))`,
    'user_id, category_id',
  ),
  update('cdm.user_product_counters', 'user_id, product_id', 'order_cnt = order_cnt + 1'),
  update('cdm.user_product_counters', 'user_id, product_id', `product_name = 'Nothing'`),
  remove('cdm.user_product_counters', 'user_id, product_id'),
  insert(
    'cdm.user_product_counters',
    'user_id, product_id, product_name, order_cnt',
    `SELECT user_id, product_id, product_name, 1 FROM cdm.users, cdm.product_names known WHERE NOT EXISTS (
      SELECT FROM cdm.user_product_counters one WHERE (one.user_id, one.product_id) = (users.user_id, known.product_id))`,
    'user_id, product_id',
  ),
  update('cdm.users', 'user_id', 'closed_order_cnt = closed_order_cnt + 1'),
  update('cdm.users', 'user_id', `source_user_id = 'somebody'`, { column: 'user_id' }),
  remove('cdm.users', 'user_id', { where: 'closed_order_cnt > 0' }),
  update('cdm.order_versions', 'object_id', 'cost = cost + 1'),
  update('cdm.order_versions', 'object_id', 'payment = payment + 0.00001'),
  update('cdm.order_versions', 'object_id', `status = 'OPEN'`, { where: `status = 'CLOSED'` }),
  update('cdm.order_versions', 'object_id', `order_dt = order_dt + interval '1 second'`),
  update('cdm.order_versions', 'object_id', `restaurant_id = gen_random_uuid()`),
  update('cdm.order_versions', 'object_id', `user_id = gen_random_uuid()`),
  update('cdm.order_versions', 'object_id', `quantities[1] = quantities[1] + 1`),
  update('cdm.order_versions', 'object_id', `amounts[1] = amounts[1] - 1`),
  update('cdm.order_versions', 'object_id', `category_ids[1] = gen_random_uuid()`),
  update('cdm.order_versions', 'object_id', `product_ids[1] = gen_random_uuid()`),
  update('cdm.order_versions', 'object_id', `order_version = '2000'`),
  remove('cdm.order_versions', 'object_id'),
  update('cdm.category_popularity_slots', 'category_id, slot', 'order_cnt = order_cnt + 1', {
    named: 'category_id',
    table: 'cdm.category_popularity',
  }),
  update('cdm.category_popularity_slots', 'category_id, slot', 'user_cnt = user_cnt - 1', {
    named: 'category_id',
    table: 'cdm.category_popularity',
  }),
  update('cdm.category_popularity_slots', 'category_id, slot', `category_name = 'Nothing'`, {
    where: 'category_name IS NOT NULL',
    named: 'category_id',
    table: 'cdm.category_popularity',
  }),
  update('cdm.product_popularity_slots', 'product_id, slot', 'order_cnt = order_cnt + 1', {
    named: 'product_id',
    table: 'cdm.product_popularity',
  }),
  update('cdm.product_popularity_slots', 'product_id, slot', 'user_cnt = user_cnt + 1', {
    named: 'product_id',
    table: 'cdm.product_popularity',
  }),
  ...[
    'order_cnt = order_cnt + 1',
    'closed_order_cnt = closed_order_cnt + 1',
    'cost = cost + 1',
    'payment = payment - 1',
  ].map((set) =>
    update('cdm.daily_sales_slots', 'day, restaurant_id, slot', set, {
      where: slotOfDay,
      named: 'day::text AS day, restaurant_id',
      table: 'cdm.daily_sales',
    }),
  ),
  update(
    'cdm.restaurant_category_counters_slots',
    'restaurant_id, category_id, slot',
    'order_cnt = order_cnt + 1',
    {
      named: 'restaurant_id, category_id',
      table: 'cdm.restaurant_category_counters',
    },
  ),
  update(
    'cdm.restaurant_category_counters_slots',
    'restaurant_id, category_id, slot',
    `category_name = 'Nothing'`,
    {
      where: 'category_name IS NOT NULL',
      named: 'restaurant_id, category_id',
      table: 'cdm.restaurant_category_counters',
    },
  ),
  update('cdm.product_names', 'product_id', `product_name = 'Nothing'`),
  update('cdm.product_names', 'product_id', `valid_from = valid_from + interval '1 day'`),
  update('cdm.restaurant_names', 'restaurant_id', `restaurant_name = 'Nothing'`),
  remove('cdm.restaurant_names', 'restaurant_id'),
  update('cdm.user_rule_states', 'user_id, rule_id', 'holds = NOT holds'),
  remove('cdm.user_tags', 'user_id, tag'),
  insert(
    'cdm.user_tags',
    'user_id, tag, order_cnt, since',
    `SELECT user_id, 'invented', 1, now() FROM cdm.users`,
    'user_id, tag',
  ),
  update('cdm.user_tag_events', 'user_id, event_number', `event = 'revoked'`, {
    where: `event = 'assigned' AND EXISTS (SELECT FROM cdm.user_tags held WHERE (held.user_id, held.tag) = (row.user_id, row.tag))`,
    named: 'user_id, tag',
  }),
  remove('cdm.user_tag_events', 'user_id, event_number', {
    where: `EXISTS (SELECT FROM cdm.user_tag_events later WHERE later.user_id = row.user_id AND later.event_number > row.event_number)`,
    named: 'user_id',
    column: 'event_number',
  }),
  remove('cdm.tag_rule_products', 'rule_id, condition, product_id'),
];

const inTheVault: Fault[] = [
  update('dds.h_order', 'h_order_pk', `order_dt = '2000-01-01'`),
  remove('dds.h_order', 'h_order_pk', { table: 'dds.s_order_details' }),
  update('dds.l_order_user', 'hk_order_user_pk', 'h_user_pk = gen_random_uuid()'),
  remove('dds.l_order_restaurant', 'hk_order_restaurant_pk'),
  remove('dds.l_order_product', 'hk_order_product_pk'),
  update('dds.s_order_cost', 'h_order_pk, order_version', 'cost = cost + 1'),
  update('dds.s_order_cost', 'h_order_pk, order_version', 'payment = payment + 0.00001'),
  remove('dds.s_order_cost', 'h_order_pk, order_version'),
  update('dds.s_order_details', 'h_order_pk, order_version', `final_status = 'LOST'`),
  update('dds.s_order_details', 'h_order_pk, order_version', 'bonus_grant = bonus_grant + 1'),
  update('dds.s_order_details', 'h_order_pk, order_version', 'hk_order_details_hashdiff = gen_random_uuid()'),
  remove('dds.s_order_details', 'h_order_pk, order_version'),
  update('dds.s_order_status', 'h_order_pk, valid_from, hk_order_status_hashdiff', `status = 'LOST'`),
  remove('dds.s_order_status', 'h_order_pk, valid_from, hk_order_status_hashdiff'),
  ...['price = price + 1', 'quantity = quantity + 1', `name = 'Nothing'`, `category_name = 'Nothing'`].map(
    (set) => update('dds.s_order_product', 'hk_order_product_pk, order_version, line', set),
  ),
  remove('dds.s_order_product', 'hk_order_product_pk, order_version, line'),
  update('dds.h_user', 'h_user_pk', `user_id = 'somebody'`, { where: placed }),
  update('dds.s_user_names', 'h_user_pk, valid_from, hk_user_names_hashdiff', `username = 'Somebody'`, {
    where: placed,
    column: 'digest_of_names',
  }),
  update(
    'dds.s_restaurant_names',
    'h_restaurant_pk, valid_from, hk_restaurant_names_hashdiff',
    `name = 'Nothing'`,
  ),
  ...[
    ['user', 'username, userlogin', `'Somebody', 'else'`, placed],
    ['restaurant', 'name', `'Nothing'`, 'true'],
    ['product', 'name', `'Nothing'`, 'true'],
  ].map(([thing, names, values, where]) =>
    insert(
      `dds.s_${thing}_names`,
      `h_${thing}_pk, valid_from, ${names}, hk_${thing}_names_hashdiff, load_src`,
      `SELECT h_${thing}_pk, '2000-01-01', ${values}, dds.hash_key('s_${thing}_names', ${values}), 'by hand' FROM dds.s_${thing}_names AS row WHERE ${where}`,
      `h_${thing}_pk, valid_from, hk_${thing}_names_hashdiff`,
    ),
  ),
  remove('dds.h_product', 'h_product_pk'),
  remove('dds.s_product_names', 'h_product_pk, valid_from, hk_product_names_hashdiff'),
  remove('dds.l_product_restaurant', 'hk_product_restaurant_pk'),
  remove('dds.l_product_category', 'hk_product_category_pk'),
  remove('dds.s_product_category', 'hk_product_category_pk, valid_from, hk_product_category_hashdiff'),
  update('dds.h_category', 'h_category_pk', `category_name = 'Nothing'`),
];

const inStaging: Fault[] = [
  update(
    'stg.order_events',
    'object_id, order_version',
    `payload = jsonb_set(payload::jsonb, '{cost}', '1')::json`,
    {
      where: inVault,
      named: `${orderKey}, order_version`,
      table: 'dds.s_order_cost',
      column: 'cost',
    },
  ),
  update(
    'stg.order_events',
    'object_id, order_version',
    `payload = jsonb_set(payload::jsonb, '{update_ts}', '"2000-01-01 00:00:00"')::json`,
    { where: inVault, column: 'update_ts' },
  ),
  update('stg.order_events', 'object_id, order_version', 'user_entry_pk = NULL', { where: inVault }),
  remove('stg.pending_orders', 'object_id, order_version', { where: 'released_at IS NULL' }),
  remove('stg.order_events', 'object_id', {
    where: `${inVault} AND NOT EXISTS (SELECT FROM stg.superseded_order_events older WHERE older.object_id = row.object_id)`,
    table: 'cdm.order_versions',
  }),
  update(
    'stg.superseded_order_events',
    'object_id, order_version',
    `sent_dttm = sent_dttm + interval '1 second'`,
    {
      where: inVault,
    },
  ),
  remove('stg.superseded_order_events', 'object_id, order_version', {
    where: inVault,
    named: `${orderKey}, order_version`,
    table: 'dds.s_order_details',
  }),
  update(
    'stg.dictionary_entries',
    'entry_pk',
    `entry = jsonb_set(entry::jsonb, '{name}', '"Nothing"')::json`,
    {
      where: `entry_kind = 'restaurant' AND EXISTS (SELECT FROM stg.order_events WHERE restaurant_entry_pk = entry_pk)`,
    },
  ),
  remove('stg.dictionary_entries', 'entry_pk', {
    where: `entry_kind = 'user' AND EXISTS (SELECT FROM stg.order_events WHERE user_entry_pk = entry_pk)`,
  }),
];

export const faults = [...inMarts, ...inTheVault, ...inStaging];
