import { describe, expect, it } from 'vitest';
import type { ActiveRule } from './active-rules';
import { foldName } from '@app/values/fold-name';
import { judgeProducts } from './judge-products';
import { compareProducts } from './rule-products';

function pattern(id: string, text: string, changes: Partial<ActiveRule> = {}): ActiveRule {
  return {
    id,
    tag: 'lover',
    category: null,
    product_id: null,
    product_pattern: text,
    restaurant_id: null,
    min_orders: 1,
    window_days: null,
    match: { kind: 'pattern', folded: foldName(text) },
    isPending: false,
    products: new Set(['old']),
    ...changes,
  };
}

const pizza = pattern('pizza', 'пицц');
const named = (id: string, name: string, isNew: boolean) => ({ id, name, isNew });

describe('a new product', () => {
  it('joins the patterns that match it', () => {
    const hedgehog = pattern('hedgehog', 'ёж');
    const { joined, renamed } = judgeProducts([named('new', 'ПИЦЦЕТТА С ЕЖОМ', true)], [pizza, hedgehog]);
    expect(joined).toEqual([
      { ruleId: 'pizza', productId: 'new' },
      { ruleId: 'hedgehog', productId: 'new' },
    ]);
    expect(renamed).toEqual([]);
  });

  it('that no pattern matches changes nothing', () => {
    expect(judgeProducts([named('new', 'Борщ', true)], [pizza])).toMatchObject({ joined: [], renamed: [] });
  });
});

describe('a renamed product', () => {
  it.each([
    ['into a pattern', 'other', 'Пицца', ['other']],
    ['out of it', 'old', 'Борщ', ['old']],
    ['inside', 'old', 'Пиццетта', []],
    ['outside', 'other', 'Борщ', []],
  ])('%s', (_, productId, name, evaluated) => {
    const { joined, renamed } = judgeProducts([named(productId, name, false)], [pizza]);
    expect(renamed).toEqual(evaluated);
    expect(joined).toEqual([]);
  });

  it('is evaluated anyway while a pattern is pending: what it stands for is just being found out', () => {
    const pending = pattern('pending', 'суп', { isPending: true });
    expect(judgeProducts([named('other', 'Борщ', false)], [pending]).renamed).toEqual(['other']);
  });

  it('is nothing to rules without a pattern', () => {
    const product: ActiveRule = { ...pizza, match: { kind: 'product', id: 'old' }, isPending: true };
    expect(judgeProducts([named('old', 'Борщ', false)], [product])).toEqual({
      joined: [],
      renamed: [],
    });
  });
});

it('compares all names with what patterns stand for', () => {
  const names = [
    { productId: 'a', name: 'ПИЦЦА', ruleIds: [] },
    { productId: 'b', name: 'Пицца', ruleIds: ['pizza'] },
    { productId: 'c', name: 'Борщ', ruleIds: ['pizza', 'borscht'] },
  ];
  expect(compareProducts(names, [pizza, pattern('borscht', 'БОРЩ')])).toEqual({
    joined: [{ ruleId: 'pizza', productId: 'a' }],
    left: [{ ruleId: 'pizza', productId: 'c' }],
  });
});
