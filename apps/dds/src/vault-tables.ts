import { STAGED_ORDERS } from '@app/contracts/topics';

/** How a vault table is loaded: a repeat inserts nothing. Hash keys and hashdiffs identify the rows, see the primary keys. */
export interface VaultTable {
  name: string;
  text: string;
  /** Name to type, in the order in which rows give the values. */
  columns: Record<string, string>;
}

function vaultTable(table: string, columns: Record<string, string>): VaultTable {
  return { name: table, text: insertInto(`dds.${table}`, columns), columns };
}

export function insertInto(table: string, columns: Record<string, string>): string {
  const names = Object.keys(columns).join(', ');
  const arrays = Object.values(columns).map((type, place) => `$${place + 1}::${type}[]`);
  return /* sql */ `
    INSERT INTO ${table} (${names}, load_src)
    SELECT ${names}, '${STAGED_ORDERS}'
    FROM unnest(${arrays.join(', ')}) AS loaded (${names})
    ON CONFLICT DO NOTHING`;
}

export const orderHub = vaultTable('h_order', {
  h_order_pk: 'uuid',
  order_id: 'bigint',
  order_dt: 'timestamp',
});

/** Loaded first, and alone: its answer says which orders are new. */
export const newOrders: VaultTable = { ...orderHub, text: `${orderHub.text} RETURNING h_order_pk` };

/**
 * The other tables in the order in which they are loaded: parents before children. All replicas keep to it, so that they wait for
 * each other instead of deadlocking.
 */
export const vaultTables = {
  h_user: vaultTable('h_user', { h_user_pk: 'uuid', user_id: 'text' }),
  h_restaurant: vaultTable('h_restaurant', { h_restaurant_pk: 'uuid', restaurant_id: 'text' }),
  h_product: vaultTable('h_product', { h_product_pk: 'uuid', product_id: 'text' }),
  h_category: vaultTable('h_category', { h_category_pk: 'uuid', category_name: 'text' }),
  l_order_user: vaultTable('l_order_user', {
    hk_order_user_pk: 'uuid',
    h_order_pk: 'uuid',
    h_user_pk: 'uuid',
  }),
  l_order_restaurant: vaultTable('l_order_restaurant', {
    hk_order_restaurant_pk: 'uuid',
    h_order_pk: 'uuid',
    h_restaurant_pk: 'uuid',
  }),
  l_order_product: vaultTable('l_order_product', {
    hk_order_product_pk: 'uuid',
    h_order_pk: 'uuid',
    h_product_pk: 'uuid',
  }),
  l_product_restaurant: vaultTable('l_product_restaurant', {
    hk_product_restaurant_pk: 'uuid',
    h_product_pk: 'uuid',
    h_restaurant_pk: 'uuid',
  }),
  l_product_category: vaultTable('l_product_category', {
    hk_product_category_pk: 'uuid',
    h_product_pk: 'uuid',
    h_category_pk: 'uuid',
  }),
  s_user_names: vaultTable('s_user_names', {
    h_user_pk: 'uuid',
    username: 'text',
    userlogin: 'text',
    valid_from: 'timestamp',
    hk_user_names_hashdiff: 'uuid',
  }),
  s_restaurant_names: vaultTable('s_restaurant_names', {
    h_restaurant_pk: 'uuid',
    name: 'text',
    valid_from: 'timestamp',
    hk_restaurant_names_hashdiff: 'uuid',
  }),
  s_product_names: vaultTable('s_product_names', {
    h_product_pk: 'uuid',
    name: 'text',
    valid_from: 'timestamp',
    hk_product_names_hashdiff: 'uuid',
  }),
  s_product_category: vaultTable('s_product_category', {
    hk_product_category_pk: 'uuid',
    valid_from: 'timestamp',
    hk_product_category_hashdiff: 'uuid',
  }),
  s_order_status: vaultTable('s_order_status', {
    h_order_pk: 'uuid',
    status: 'text',
    valid_from: 'timestamp',
    hk_order_status_hashdiff: 'uuid',
  }),
  s_order_cost: vaultTable('s_order_cost', {
    h_order_pk: 'uuid',
    order_version: 'text',
    cost: 'numeric',
    payment: 'numeric',
    valid_from: 'timestamp',
    hk_order_cost_hashdiff: 'uuid',
  }),
  s_order_details: vaultTable('s_order_details', {
    h_order_pk: 'uuid',
    order_version: 'text',
    final_status: 'text',
    order_dt: 'timestamp',
    sent_dttm: 'timestamp',
    bonus_payment: 'numeric',
    bonus_grant: 'numeric',
    valid_from: 'timestamp',
    hk_order_details_hashdiff: 'uuid',
  }),
  s_order_product: vaultTable('s_order_product', {
    hk_order_product_pk: 'uuid',
    order_version: 'text',
    line: 'integer',
    name: 'text',
    price: 'numeric',
    quantity: 'bigint',
    category_name: 'text',
    valid_from: 'timestamp',
    hk_order_product_hashdiff: 'uuid',
  }),
} satisfies Record<string, VaultTable>;

export type VaultTableName = keyof typeof vaultTables;
