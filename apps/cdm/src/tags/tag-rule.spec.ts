import { expect, it } from 'vitest';
import { hashKey } from '@app/data-vault/hash-key';
import { matchOf, type TagRule } from './tag-rule';

const rule: TagRule = {
  id: '0b0e5cbb-6a43-4d5c-9a0e-6f4b3d0a1c11',
  tag: 'soup lover',
  category: null,
  product_id: null,
  product_pattern: null,
  restaurant_id: null,
  min_orders: 10,
  window_days: null,
};
const key = hashKey('h_product', 'd1');

it.each([
  [{ category: 'Супы' }, { kind: 'category', id: hashKey('h_category', 'Супы') }],
  [{ product_id: 'd1' }, { kind: 'product', id: key }],
  [{ product_id: key }, { kind: 'product', id: key }],
  [{ product_id: key.toUpperCase() }, { kind: 'product', id: key }],
  [{ restaurant_id: 'r1' }, { kind: 'restaurant', id: hashKey('h_restaurant', 'r1') }],
  [{ product_pattern: 'ПИЦЦ' }, { kind: 'pattern', folded: 'пицц' }],
])('%j counts %j', (match, expected) => {
  expect(matchOf({ ...rule, ...match })).toEqual(expected);
});
