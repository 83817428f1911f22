import { describe, expect, it } from 'vitest';
import { MessageRefused } from './dead-letter.contract';
import { validated } from './validate';
import { VaultOrder } from './vault-order.contract';

const ORDER = 'da2de06d-0eeb-5bcd-907d-6c395bd901a4';
const USER = 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b';
const RESTAURANT = 'd0e148b5-b1bc-5201-83fb-dd323216b78e';
const PRODUCT = '449de611-75a5-50ac-a4fd-ede0b48233cb';
const CATEGORY = '9f1226fe-16d2-58d6-a907-72ceccfdcaf5';

const product = {
  product_name: 'РОЛЛ С ТОФУ',
  order_cnt: 1,
  valid_from: '2022-11-19 16:06:36',
  category_id: CATEGORY,
  lines: [{ price: 180, quantity: 1 }],
};
const payload = {
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
  products: { [PRODUCT]: product },
};

/** Changes of the payload, and how the refusal of each begins. */
const refusals: [changes: Record<string, unknown>, refusal: string][] = [
  [{ order_id: ORDER.toUpperCase() }, `payload.order_id must be a hash key, got "${ORDER.toUpperCase()}"`],
  [
    { user_id: USER.replace('-55e9-', '-45e9-') },
    `payload.user_id must be a hash key, got "${USER.replace('-55e9-', '-45e9-')}"`,
  ],
  [{ order_version: 'x' }, 'payload.order_version must be an order version, got "x"'],
  [
    { categories: { [CATEGORY]: { category_name: '', order_cnt: 1 } } },
    `payload.categories.${CATEGORY}.category_name must be a text that is not empty, got ""`,
  ],
  [
    { categories: { [CATEGORY]: { category_name: 'Выпечка', order_cnt: 2 } } },
    `payload.categories.${CATEGORY}.order_cnt must be 1, got 2`,
  ],
  [
    { products: { [PRODUCT]: { ...product, lines: [{ price: -1, quantity: 1 }] } } },
    `payload.products.${PRODUCT}.lines[0].price must be an amount, not negative, below 10^14 and with at most 5 decimals, got -1`,
  ],
  [{ products: { [PRODUCT]: null } }, 'payload.products'],
  [{ products: { [PRODUCT]: [] } }, 'payload.products'],
  [{ categories: { [CATEGORY]: null } }, `payload.categories.${CATEGORY} must be an object, got null`],
  [{ categories: { [CATEGORY]: [] } }, `payload.categories.${CATEGORY} must be an object, got []`],
  [
    { products: { [PRODUCT]: { ...product, lines: undefined } } },
    `payload.products.${PRODUCT}.lines is missing`,
  ],
  [{ restaurant: undefined }, 'payload.restaurant is missing'],
  [{ restaurant: [] }, 'payload.restaurant must be an object, got []'],
  [{ categories: undefined, products: {} }, 'payload.categories is missing'],
  [{ products: undefined }, 'payload.products is missing'],
  [
    { products: { x: product } },
    'payload.products must be an object whose members are named by hash keys, got {"x":{"product_name":"РОЛЛ С ТОФУ",',
  ],
  [
    { categories: {} },
    `payload.products must be products of categories that the order lists, got {"${PRODUCT}":{"product_name":`,
  ],
];

function read(changes: Record<string, unknown>): VaultOrder {
  return validated(VaultOrder, {
    object_id: 322519,
    object_type: 'order',
    sent_dttm: '2022-11-19 16:06:40',
    payload: { ...payload, ...changes },
  });
}

function refusalOf(changes: Record<string, unknown>): string | undefined {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof MessageRefused && error.reason === 'invalid_message') {
      return error.message;
    }
    throw error;
  }
  return undefined;
}

describe('VaultOrder', () => {
  it('reads its records as Maps by hash key', () => {
    const { categories, products } = read({}).payload;
    expect([...categories]).toEqual([[CATEGORY, { category_name: 'Выпечка', order_cnt: 1 }]]);
    expect([...products]).toEqual([[PRODUCT, product]]);
  });

  it('takes an order without lines', () => {
    expect(refusalOf({ categories: {}, products: {} })).toBeUndefined();
  });

  it.each(refusals.map(([changes, refusal]) => [refusal, changes] as const))(
    'says: %s',
    (refusal, changes) => {
      expect(refusalOf(changes)?.slice(0, refusal.length)).toBe(refusal);
    },
  );

  it.each([[[]], ['x'], [5], [null]])('refuses %j as a record', (value) => {
    expect(refusalOf({ categories: value })).toMatch(/^payload\.categories must be an object.*, got /);
  });

  it('shows no more than the beginning of a long name of a member', () => {
    const long = { ['x'.repeat(100_000)]: { category_name: 'Выпечка' } };
    expect(refusalOf({ categories: long })!.length).toBeLessThan(400);
  });
});
