export const ORDER = 'da2de06d-0eeb-5bcd-907d-6c395bd901a4';
export const USER = 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b';
export const RESTAURANT = 'd0e148b5-b1bc-5201-83fb-dd323216b78e';
export const PRODUCT = '449de611-75a5-50ac-a4fd-ede0b48233cb';
export const CATEGORY = '9f1226fe-16d2-58d6-a907-72ceccfdcaf5';

export const vaultProduct = {
  product_name: 'РОЛЛ С ТОФУ',
  order_cnt: 1,
  valid_from: '2022-11-19 16:06:36',
  category_id: CATEGORY,
  lines: [{ price: 180, quantity: 1 }],
};

/**
 * A valid message of `dds-service-orders` for tests, as plain JSON, with other members of the payload where they are
 * given.
 */
export function vaultOrder(changes: Record<string, unknown> = {}) {
  return {
    object_id: 322519,
    object_type: 'order',
    sent_dttm: '2022-11-19 16:06:40',
    payload: {
      order_id: ORDER,
      order_version: `2022-11-19 16:06:36.000000|2022-11-19 16:06:40.000000|${'0f'.repeat(16)}`,
      status: 'CLOSED',
      date: '2022-11-19 16:06:36',
      cost: 300,
      payment: 300,
      user_id: USER,
      source_user_id: '626a81ce9a8cd1920641e296',
      restaurant: { id: RESTAURANT, name: 'Кофейня №1', valid_from: '2022-11-19 16:06:36' },
      categories: { [CATEGORY]: { category_name: 'Выпечка', order_cnt: 1 } },
      products: { [PRODUCT]: vaultProduct },
      ...changes,
    },
  };
}
