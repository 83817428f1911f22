import type { RowColumns } from './wrong-rows';

/** The columns of tables of the vault, as the functions of the audit return them: those of the key first. */
const columns = (table: string, key: string, others: string): RowColumns => ({
  table: `dds.${table}`,
  key: key.split(' '),
  others: others.split(' ').filter((name) => name !== ''),
});

/** What orders alone stand for. */
export const orderTables: RowColumns[] = [
  columns('l_order_user', 'hk_order_user_pk', 'h_order_pk h_user_pk'),
  columns('l_order_restaurant', 'hk_order_restaurant_pk', 'h_order_pk h_restaurant_pk'),
  columns('l_order_product', 'hk_order_product_pk', 'h_order_pk h_product_pk'),
  columns('s_order_status', 'h_order_pk valid_from hk_order_status_hashdiff', 'status'),
  columns('s_order_cost', 'h_order_pk order_version', 'cost payment valid_from hk_order_cost_hashdiff'),
  columns(
    's_order_details',
    'h_order_pk order_version',
    'final_status order_dt sent_dttm bonus_payment bonus_grant valid_from hk_order_details_hashdiff',
  ),
  columns(
    's_order_product',
    'hk_order_product_pk order_version line',
    'name price quantity category_name valid_from hk_order_product_hashdiff',
  ),
];

export const orderHub = columns('h_order', 'h_order_pk', 'order_id order_dt');

/** What many orders share. Of the names of a user the digest that is there, and the digest of what is there. */
export const sharedTables: RowColumns[] = [
  columns('h_user', 'h_user_pk', 'user_id'),
  columns('s_user_names', 'h_user_pk valid_from hk_user_names_hashdiff', 'digest_of_names'),
  columns('h_restaurant', 'h_restaurant_pk', 'restaurant_id'),
  columns('s_restaurant_names', 'h_restaurant_pk valid_from hk_restaurant_names_hashdiff', 'name'),
  columns('h_product', 'h_product_pk', 'product_id'),
  columns('s_product_names', 'h_product_pk valid_from hk_product_names_hashdiff', 'name'),
  columns('l_product_restaurant', 'hk_product_restaurant_pk', 'h_product_pk h_restaurant_pk'),
  columns('h_category', 'h_category_pk', 'category_name'),
  columns('l_product_category', 'hk_product_category_pk', 'h_product_pk h_category_pk'),
  columns('s_product_category', 'hk_product_category_pk valid_from hk_product_category_hashdiff', ''),
];
