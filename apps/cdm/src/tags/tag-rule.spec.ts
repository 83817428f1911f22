import { expect, it } from 'vitest';
import { hashKey } from '@app/data-vault/hash-key';
import type { Match } from './conditions';
import { isNamed, matchOf, type RuleMatch } from './tag-rule';

const key = hashKey('h_product', 'd1');

it.each<[Match | undefined, RuleMatch]>([
  [undefined, { kind: 'any' }],
  [{ category: 'Супы' }, { kind: 'category', ids: [hashKey('h_category', 'Супы')] }],
  [{ product_id: 'd1' }, { kind: 'product', ids: [key] }],
  [{ product_id: key }, { kind: 'product', ids: [key] }],
  [{ product_id: key.toUpperCase() }, { kind: 'product', ids: [key] }],
  [{ product_id: ['d1', 'd2'] }, { kind: 'product', ids: [key, hashKey('h_product', 'd2')] }],
  [{ restaurant_id: 'r1' }, { kind: 'restaurant', ids: [hashKey('h_restaurant', 'r1')] }],
  [{ product_pattern: ['ПИЦЦ', 'Ёж'] }, { kind: 'pattern', folded: ['пицц', 'еж'] }],
])('%j counts %j', (match, expected) => {
  expect(matchOf({ count: 'orders', match, at_least: 1 })).toEqual(expected);
});

it('stands for names with any of the texts', () => {
  const pattern = matchOf({ count: 'orders', match: { product_pattern: ['ПИЦЦ', 'Ёж'] }, at_least: 1 });
  expect(['пиццетта', 'ежик', 'борщ'].map((name) => isNamed(pattern, name))).toEqual([true, true, false]);
  expect(isNamed({ kind: 'any' }, 'пицца')).toBe(false);
});
