import { describe, expect, it } from 'vitest';
import { MessageRefused } from './dead-letter.contract';
import { validated } from './validate';
import { VaultOrder } from './vault-order.contract';
import { CATEGORY, ORDER, PRODUCT, USER, vaultOrder, vaultProduct } from './vault-order-example';

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
    { products: { [PRODUCT]: { ...vaultProduct, lines: [{ price: -1, quantity: 1 }] } } },
    `payload.products.${PRODUCT}.lines[0].price must be an amount, not negative, below 10^14 and with at most 5 decimals, got -1`,
  ],
  [{ products: { [PRODUCT]: null } }, 'payload.products'],
  [{ products: { [PRODUCT]: [] } }, 'payload.products'],
  [{ categories: { [CATEGORY]: null } }, `payload.categories.${CATEGORY} must be an object, got null`],
  [{ categories: { [CATEGORY]: [] } }, `payload.categories.${CATEGORY} must be an object, got []`],
  [
    { products: { [PRODUCT]: { ...vaultProduct, lines: undefined } } },
    `payload.products.${PRODUCT}.lines is missing`,
  ],
  [{ restaurant: undefined }, 'payload.restaurant is missing'],
  [{ restaurant: [] }, 'payload.restaurant must be an object, got []'],
  [{ categories: undefined, products: {} }, 'payload.categories is missing'],
  [{ products: undefined }, 'payload.products is missing'],
  [
    { products: { x: vaultProduct } },
    'payload.products must be an object whose members are named by hash keys, got {"x":{"product_name":"РОЛЛ С ТОФУ",',
  ],
  [
    { categories: {} },
    `payload.products must be products of categories that the order lists, got {"${PRODUCT}":{"product_name":`,
  ],
];

function read(changes: Record<string, unknown>): VaultOrder {
  return validated(VaultOrder, vaultOrder(changes));
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
    expect([...products]).toEqual([[PRODUCT, vaultProduct]]);
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
