import { expect, it } from 'vitest';
import { hashKey } from '@app/data-vault/hash-key';
import { digestOf } from './digest';

it.each([
  ['h_user', '626a81ce9a8cd1920641e296'],
  ['h_category', 'Пицца | \\ ещё'],
  ['l_order_product', '12', 'a|b'],
  ['h_user', ''],
])('agrees with the digests of the vault: %s %s %s', (name, ...values) => {
  expect(digestOf(name, ...values)).toBe(hashKey(name, ...values));
});
