import { describe, expect, it } from 'vitest';
import { activeRule, type ActiveRule } from './active-rules';
import { judgeProducts } from './judge-products';
import { compareProducts } from './rule-products';

/** Two conditions: the second has the pattern. */
function pattern(id: string, text: string, isPending = false): ActiveRule {
  const counted = { count: 'orders', at_least: 1 } as const;
  return activeRule({
    id,
    tag: 'lover',
    conditions: { all_of: [counted, { ...counted, match: { product_pattern: text } }] },
    isPending,
    products: ['1 old'],
  });
}

const pizza = pattern('pizza', 'пицц');
const named = (id: string, name: string, isNew: boolean) => ({ id, name, isNew });

describe('a new product', () => {
  it('joins the patterns that match it', () => {
    const hedgehog = pattern('hedgehog', 'ёж');
    const { joined, renamed } = judgeProducts([named('new', 'ПИЦЦЕТТА С ЕЖОМ', true)], [pizza, hedgehog]);
    expect(joined).toEqual([
      { ruleId: 'pizza', condition: 1, productId: 'new' },
      { ruleId: 'hedgehog', condition: 1, productId: 'new' },
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
    const pending = pattern('pending', 'суп', true);
    expect(judgeProducts([named('other', 'Борщ', false)], [pending]).renamed).toEqual(['other']);
  });

  it('is nothing to rules without a pattern', () => {
    const product = activeRule({
      id: 'product',
      tag: 'lover',
      conditions: { any_of: [{ count: 'orders', match: { product_id: 'old' }, at_least: 1 }] },
      isPending: true,
      products: [],
    });
    expect(judgeProducts([named('old', 'Борщ', false)], [product])).toEqual({
      joined: [],
      renamed: [],
    });
  });
});

it('compares all names with what patterns stand for', () => {
  const names = [
    { productId: 'a', name: 'ПИЦЦА', patterns: [] },
    { productId: 'b', name: 'Пицца', patterns: ['pizza 1'] },
    { productId: 'c', name: 'Борщ', patterns: ['pizza 1', 'borscht 1'] },
  ];
  expect(compareProducts(names, [pizza, pattern('borscht', 'БОРЩ')])).toEqual({
    joined: [{ ruleId: 'pizza', condition: 1, productId: 'a' }],
    left: [{ ruleId: 'pizza', condition: 1, productId: 'c' }],
  });
});
