import type { ClientBase, Pool } from 'pg';
import type { Tables } from './rows';

export interface Table {
  /** Columns that identify a row. */
  key: string[];
  /** The other columns that are compared. */
  columns: string[];
  /** How a compared column is read where its plain text is not comparable. */
  expressions?: Record<string, string>;
  /** Columns that a compared one stands for. */
  covered?: string[];
  /** Columns about the loading, not of orders. */
  ignored?: string[];
  /** Which rows are compared. Default: all. */
  where?: string;
}

const storedVersion = {
  columns: [
    'object_type',
    'sent_dttm',
    'payload',
    'order_version',
    'user_entry_pk',
    'restaurant_entry_pk',
    'earlier_menus',
    'place',
  ],
  expressions: {
    earlier_menus: `(SELECT string_agg(key || ' ' || value, ', ' ORDER BY key COLLATE "C") FROM jsonb_each_text(earlier_menus))`,
    place: `topic || '/' || partition || '/' || message_offset`,
  },
  covered: ['topic', 'partition', 'message_offset'],
  ignored: ['id', 'load_dt'],
};

function money(...columns: string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, `trim_scale(${column})`]));
}

/**
 * How tables are compared, parents before children. Another table is compared whole, all but what is about the loading,
 * and its rows are shown whole.
 */
export const tables: Record<string, Table> = {
  'stg.dictionary_entries': {
    key: ['entry_pk'],
    columns: ['entry_kind', 'entry_key', 'valid_from', 'timed', 'entry'],
  },
  'stg.order_events': { key: ['object_id'], ...storedVersion },
  'stg.superseded_order_events': {
    ...storedVersion,
    key: ['object_id', 'order_version'],
    columns: storedVersion.columns.filter((column) => column !== 'order_version'),
  },
  'stg.pending_orders': {
    key: ['object_id', 'order_version'],
    columns: [
      'missing',
      'released',
      'place',
      'message_key',
      'message_value',
      'message_headers',
      'message_header_list',
    ],
    expressions: {
      missing: `(SELECT string_agg(DISTINCT one, ', ' ORDER BY one)
                 FROM (SELECT concat_ws(' ', item ->> 'kind', item ->> 'id', item ->> 'restaurant_id') COLLATE "C" AS one
                       FROM jsonb_array_elements(missing) AS item) AS items)`,
      released: 'released_at IS NOT NULL OR given_up_at IS NOT NULL',
      place: `topic || '/' || partition || '/' || message_offset`,
      message_key: `coalesce(encode(message_key, 'hex'), 'none')`,
      message_value: `convert_from(message_value, 'UTF8')`,
      message_headers: `coalesce((
        SELECT string_agg(name || ': ' || (SELECT string_agg(value, ', ') FROM jsonb_array_elements_text(texts) AS value),
                          '; ' ORDER BY name COLLATE "C")
        FROM jsonb_each(message_headers) AS header (name, texts)), '')`,
      message_header_list: `coalesce((
        SELECT string_agg(concat_ws(': ', header ->> 0, coalesce(header ->> 1, 'none')), '; ' ORDER BY place)
        FROM jsonb_array_elements(message_header_list) WITH ORDINALITY AS entry (header, place)), '')`,
    },
    covered: ['released_at', 'given_up_at', 'topic', 'partition', 'message_offset'],
    ignored: ['waiting_since', 'attempts', 'next_attempt_at', 'message_timestamp', 'given_up_by'],
  },
  'stg.skipped_messages': { key: ['topic', 'partition', 'message_offset'], columns: ['object_type'] },

  'dds.h_user': { key: ['h_user_pk'], columns: ['user_id'] },
  'dds.h_restaurant': { key: ['h_restaurant_pk'], columns: ['restaurant_id'] },
  'dds.h_product': { key: ['h_product_pk'], columns: ['product_id'] },
  'dds.h_category': { key: ['h_category_pk'], columns: ['category_name'] },
  'dds.h_order': { key: ['h_order_pk'], columns: ['order_id', 'order_dt'] },
  'dds.l_order_user': { key: ['hk_order_user_pk'], columns: ['h_order_pk', 'h_user_pk'] },
  'dds.l_order_restaurant': { key: ['hk_order_restaurant_pk'], columns: ['h_order_pk', 'h_restaurant_pk'] },
  'dds.l_order_product': { key: ['hk_order_product_pk'], columns: ['h_order_pk', 'h_product_pk'] },
  'dds.l_product_restaurant': {
    key: ['hk_product_restaurant_pk'],
    columns: ['h_product_pk', 'h_restaurant_pk'],
  },
  'dds.l_product_category': { key: ['hk_product_category_pk'], columns: ['h_product_pk', 'h_category_pk'] },
  'dds.s_user_names': {
    key: ['h_user_pk', 'valid_from', 'hk_user_names_hashdiff'],
    columns: ['username', 'userlogin'],
  },
  'dds.s_restaurant_names': {
    key: ['h_restaurant_pk', 'valid_from', 'hk_restaurant_names_hashdiff'],
    columns: ['name'],
  },
  'dds.s_product_names': {
    key: ['h_product_pk', 'valid_from', 'hk_product_names_hashdiff'],
    columns: ['name'],
  },
  'dds.s_product_category': {
    key: ['hk_product_category_pk', 'valid_from', 'hk_product_category_hashdiff'],
    columns: [],
  },
  'dds.s_order_status': {
    key: ['h_order_pk', 'valid_from', 'hk_order_status_hashdiff'],
    columns: ['status'],
  },
  'dds.s_order_cost': {
    key: ['h_order_pk', 'order_version'],
    columns: ['cost', 'payment', 'valid_from', 'hk_order_cost_hashdiff'],
    expressions: money('cost', 'payment'),
  },
  'dds.s_order_details': {
    key: ['h_order_pk', 'order_version'],
    columns: [
      'final_status',
      'order_dt',
      'sent_dttm',
      'bonus_payment',
      'bonus_grant',
      'valid_from',
      'hk_order_details_hashdiff',
    ],
    expressions: money('bonus_payment', 'bonus_grant'),
  },
  'dds.s_order_product': {
    key: ['hk_order_product_pk', 'order_version', 'line'],
    columns: ['name', 'price', 'quantity', 'category_name', 'valid_from', 'hk_order_product_hashdiff'],
    expressions: money('price'),
  },

  'cdm.users': { key: ['user_id'], columns: ['source_user_id', 'closed_order_cnt'] },
  'cdm.order_versions': {
    key: ['order_id'],
    columns: [
      'object_id',
      'order_version',
      'user_id',
      'restaurant_id',
      'status',
      'order_dt',
      'cost',
      'payment',
      'products',
    ],
    expressions: {
      ...money('cost', 'payment'),
      products: `coalesce((
        SELECT string_agg(concat_ws(' ', product, category, quantity, trim_scale(amount)), ', ' ORDER BY product)
        FROM unnest(product_ids, category_ids, quantities, amounts) AS line (product, category, quantity, amount)), '')`,
    },
    covered: ['product_ids', 'category_ids', 'quantities', 'amounts'],
    ignored: ['change_id'],
  },
  'cdm.user_product_counters': {
    key: ['user_id', 'product_id'],
    columns: ['product_name', 'order_cnt'],
    ignored: ['id'],
  },
  'cdm.user_category_counters': {
    key: ['user_id', 'category_id'],
    columns: ['category_name', 'order_cnt'],
    ignored: ['id'],
  },
  'cdm.restaurant_category_counters': {
    key: ['restaurant_id', 'category_id'],
    columns: ['restaurant_name', 'category_name', 'order_cnt'],
    ignored: ['id'],
  },
  'cdm.category_popularity': {
    key: ['category_id'],
    columns: ['category_name', 'order_cnt', 'user_cnt'],
  },
  'cdm.product_popularity': { key: ['product_id'], columns: ['order_cnt', 'user_cnt'] },
  'cdm.daily_sales': {
    key: ['day', 'restaurant_id'],
    columns: ['order_cnt', 'closed_order_cnt', 'cost', 'payment'],
    expressions: money('cost', 'payment'),
  },
  'cdm.product_names': { key: ['product_id'], columns: ['product_name', 'valid_from', 'spreading'] },
  'cdm.restaurant_names': { key: ['restaurant_id'], columns: ['restaurant_name', 'valid_from', 'spreading'] },

  'cdm.user_tags': { key: ['user_id', 'tag'], columns: [], ignored: ['order_cnt', 'since'] },
  'cdm.user_rule_states': {
    key: ['user_id', 'rule_id'],
    columns: [],
    // The others, and the rest of these, are of when they were judged.
    where: 'holds',
    ignored: ['holds', 'order_cnt', 'until', 'recheck_cnt', 'watched'],
  },
  'cdm.tag_rule_products': { key: ['rule_id', 'condition', 'product_id'], columns: [] },
};

/** What operators or the clock decide. */
const notCompared = [
  'cdm.audit_findings',
  'cdm.audit_rounds',
  'cdm.counted_batches',
  'cdm.tag_rules',
  'cdm.tag_rule_changes',
  'cdm.tag_evaluations',
  'cdm.user_tag_events',
  'cdm.webhooks',
  'cdm.webhook_deliveries',
];

/** All compared tables as they are, every value as text. */
export async function readTables(database: Pool | ClientBase): Promise<Tables> {
  const read: Tables = {};
  for (const [name, { key, columns, expressions = {}, where = 'true' }] of Object.entries({
    ...tables,
    ...(await otherTables(database)),
  })) {
    const list = [...key, ...columns].map(
      (column) => `(${expressions[column] ?? column})::text AS ${column}`,
    );
    read[name] = (await database.query(`SELECT ${list.join(', ')} FROM ${name} WHERE ${where}`)).rows;
  }
  return read;
}

/** What nobody has declared here. Slots are parts, which the views of their marts add up. */
async function otherTables(database: Pool | ClientBase): Promise<Record<string, Table>> {
  const { rows } = await database.query<{ name: string; columns: string[]; numbers: string[] }>(
    `SELECT format('%s.%s', table_schema, table_name) AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns,
       coalesce(array_agg(column_name::text) FILTER (WHERE data_type = 'numeric'), '{}') AS numbers
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema IN ('stg', 'dds', 'cdm') AND table_type = 'BASE TABLE' AND is_identity = 'NO' AND table_name NOT LIKE '%\\_slots'
       AND column_name NOT IN ('load_dt', 'load_src', 'bucket') AND format('%s.%s', table_schema, table_name) <> ALL ($1)
     GROUP BY 1`,
    [[...Object.keys(tables), ...notCompared]],
  );
  return Object.fromEntries(
    rows.map(({ name, columns, numbers }) => [
      name,
      { key: columns, columns: [], expressions: money(...numbers) },
    ]),
  );
}
