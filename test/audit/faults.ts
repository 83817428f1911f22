/** A change by hand, and what the auditor has to name. Keys of tables are those of the auditor. */
export interface Fault {
  name: string;
  /** One statement that changes a row, and answers the key of that row by its names. */
  plant: string;
  table: string;
  column: string;
}

export const faults: Fault[] = [
  {
    name: 'a counter of a category is one more',
    plant:
      'UPDATE cdm.user_category_counters SET order_cnt = order_cnt + 1 WHERE id = (SELECT min(id) FROM cdm.user_category_counters) RETURNING user_id, category_id',
    table: 'cdm.user_category_counters',
    column: 'order_cnt',
  },
  {
    name: 'a counter of a product is one more',
    plant:
      'UPDATE cdm.user_product_counters SET order_cnt = order_cnt + 1 WHERE id = (SELECT min(id) FROM cdm.user_product_counters) RETURNING user_id, product_id',
    table: 'cdm.user_product_counters',
    column: 'order_cnt',
  },
  {
    name: 'a user has one order more',
    plant:
      'UPDATE cdm.users SET closed_order_cnt = closed_order_cnt + 1 WHERE user_id = (SELECT user_id FROM cdm.users ORDER BY 1 LIMIT 1) RETURNING user_id',
    table: 'cdm.users',
    column: 'closed_order_cnt',
  },
  {
    name: 'an order costs more in the ledger',
    plant:
      'UPDATE cdm.order_versions SET cost = cost + 1 WHERE object_id = (SELECT min(object_id) FROM cdm.order_versions) RETURNING object_id',
    table: 'cdm.order_versions',
    column: 'cost',
  },
  {
    name: 'an order costs more in the vault',
    plant:
      'UPDATE dds.s_order_cost SET cost = cost + 1 WHERE (h_order_pk, order_version) = (SELECT h_order_pk, order_version FROM dds.s_order_cost ORDER BY 1, 2 LIMIT 1) RETURNING h_order_pk, order_version',
    table: 'dds.s_order_cost',
    column: 'cost',
  },
];
