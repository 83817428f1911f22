import { describe, expect, it } from 'vitest';
import { readVaultOrder } from './read-vault-order';

const [FIRST, SECOND] = [
  '449de611-75a5-50ac-a4fd-ede0b48233cb',
  'd0e148b5-b1bc-5201-83fb-dd323216b78e',
] as const;
const [BAKERY, SOUPS] = [
  '9f1226fe-16d2-58d6-a907-72ceccfdcaf5',
  '756cfbc0-c0ad-5fa4-94cb-89d8103d31a1',
] as const;
const USER = 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b';
const VERSION = `2022-11-19 16:06:36.000000|2022-11-19 16:06:40.000000|${'0f'.repeat(16)}`;

const product = (product_name: string, category_id: string) => ({
  product_name,
  order_cnt: 1,
  valid_from: '2022-11-01T00:00:00.50',
  category_id,
  lines: [{ price: 180, quantity: 1 }],
});

function read(changes: Record<string, unknown> = {}, text = (json: string) => json) {
  const message = {
    object_id: 322519,
    object_type: 'order',
    sent_dttm: '2022-11-19 16:06:40',
    payload: {
      order_id: 'da2de06d-0eeb-5bcd-907d-6c395bd901a4',
      order_version: VERSION,
      status: 'CLOSED',
      date: '2022-11-19T16:06:36',
      cost: 300,
      payment: 299.5,
      user_id: USER,
      source_user_id: '626a81ce9a8cd1920641e296',
      restaurant: { id: FIRST, name: 'Кофейня №1', valid_from: '2022-11-01 00:00:00' },
      categories: {
        [SOUPS]: { category_name: 'Супы', order_cnt: 1 },
        [BAKERY]: { category_name: 'Выпечка', order_cnt: 1 },
      },
      products: { [SECOND]: product('Борщ', SOUPS), [FIRST]: product('Ролл', BAKERY) },
      ...changes,
    },
  };
  const value = Buffer.from(text(JSON.stringify(message)));
  return readVaultOrder({
    topic: 't',
    partition: 0,
    offset: '7',
    timestamp: '0',
    key: null,
    value,
    headers: [],
  });
}

describe('readVaultOrder', () => {
  it('reads what the marts hold of an order, products in ascending order, each with its category', () => {
    expect(read()).toEqual({
      kind: 'order',
      order: {
        kind: 'order',
        orderKey: 'da2de06d-0eeb-5bcd-907d-6c395bd901a4',
        orderId: '322519',
        version: VERSION,
        userId: USER,
        sourceUserId: '626a81ce9a8cd1920641e296',
        restaurantId: FIRST,
        status: 'CLOSED',
        orderDt: '2022-11-19 16:06:36',
        cost: '300',
        payment: '299.5',
        productIds: [FIRST, SECOND],
        categoryIds: [BAKERY, SOUPS],
        quantities: ['1', '1'],
        amounts: ['180.00000', '180.00000'],
      },
      names: {
        restaurant: { id: FIRST, name: 'Кофейня №1', validFrom: '2022-11-01 00:00:00' },
        products: [
          { id: SECOND, name: 'Борщ', validFrom: '2022-11-01 00:00:00.5' },
          { id: FIRST, name: 'Ролл', validFrom: '2022-11-01 00:00:00.5' },
        ],
        categories: [
          { id: SOUPS, name: 'Супы' },
          { id: BAKERY, name: 'Выпечка' },
        ],
      },
    });
  });

  it('keeps every digit of the amounts and of the order id', () => {
    const digits = (json: string) =>
      json.replace('"cost":300', '"cost":12345678901234.56789').replace('322519', '9223372036854775807');
    expect(read({}, digits)).toMatchObject({
      order: { cost: '12345678901234.56789', orderId: '9223372036854775807' },
    });
  });

  it('adds up the lines of a product, exactly', () => {
    const lines = [
      { price: 0.1, quantity: 3 },
      { price: 1.00001, quantity: 1 },
      { price: 12345678901234.5, quantity: 2 },
    ];
    const products = { [FIRST]: { ...product('Ролл', BAKERY), lines } };
    expect(read({ products })).toMatchObject({
      order: { quantities: ['6'], amounts: ['24691357802470.30001'] },
    });
  });

  it.each([
    ['payload.status must be one of', { status: 'LOST' }],
    ['payload.restaurant is missing', { restaurant: undefined }],
    ['payload.products is missing', { products: undefined }],
    ['payload.products must be products of categories', { products: { [FIRST]: product('Ролл', FIRST) } }],
  ])('refuses an order: %s', (message, changes) => {
    expect(read(changes)).toMatchObject({
      kind: 'refused',
      reason: 'invalid_message',
      message: expect.stringContaining(message) as unknown,
    });
  });
});
