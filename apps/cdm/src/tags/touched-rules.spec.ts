import { describe, expect, it } from 'vitest';
import { hashKey } from '@app/data-vault/hash-key';
import type { LedgerOrder } from '../ledger/read-vault-order';
import { activeRule } from './active-rules';
import type { Condition, Match } from './conditions';
import { touchedRules } from './touched-rules';

const [soup, tea] = [hashKey('h_product', 'soup'), hashKey('h_product', 'tea')] as const;
const [hot, drinks] = [hashKey('h_category', 'hot'), hashKey('h_category', 'drinks')] as const;
const deli = hashKey('h_restaurant', 'deli');

function rule(id: string, match?: Match, changes: Partial<Condition> = {}, isPending = false) {
  const conditions = { all_of: [{ count: 'orders' as const, match, at_least: 2, ...changes }] };
  return activeRule({ id, tag: id, conditions, isPending, products: id === 'pattern' ? [`0 ${tea}`] : [] });
}

function order(changes: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    orderKey: 'order',
    orderId: '1',
    version: '1',
    userId: 'anna',
    restaurantId: deli,
    status: 'CLOSED',
    orderDt: '2024-03-09 12:00:00',
    cost: '1',
    payment: '1',
    productIds: [soup, tea],
    categoryIds: [hot, drinks],
    quantities: ['1', '2'],
    amounts: ['10.00000', '5.50000'],
    ...changes,
  };
}

const rules = [
  rule('any'),
  rule('soup', { product_id: ['stew', 'soup'] }),
  rule('drinks', { category: 'drinks' }),
  rule('deli', { restaurant_id: 'deli' }),
  rule('pattern', { product_pattern: 't' }),
  rule('other', { product_id: 'cake' }),
];

/** `RULE more sure` of each. */
function touched(
  ...[changes, users = [], of = rules]: [Parameters<typeof touchedRules>[0], string[]?, typeof rules?]
) {
  return touchedRules(changes, users, of, '2024-03-10 12:00:00')
    .map(({ ruleId, more, isSure }) => `${ruleId} ${more}${isSure ? ' sure' : ''}`)
    .sort();
}

describe('an order that comes', () => {
  it('touches what it matches, which its state decides', () => {
    const expected = ['any 1', 'deli 1', 'drinks 1', 'pattern 1', 'soup 1'];
    expect(touched([{ after: order() }])).toEqual(expected);
    expect(touched([{ before: order({ status: 'COOKING' }), after: order() }])).toEqual(expected);
  });

  it('counts all orders of a user', () => {
    const soups = order({ productIds: [soup], categoryIds: [hot], restaurantId: 'else' });
    expect(touched([{ after: soups }, { after: { ...soups, orderKey: 'o2' } }])).toEqual(['any 2', 'soup 2']);
  });

  it('counts those beside that match more than any order', () => {
    const teaOnly = order({ productIds: [tea], categoryIds: [drinks] });
    const conditions: Condition[] = [
      { count: 'orders', match: { product_id: 'soup' }, at_least: 3 },
      { count: 'orders', match: { category: 'hot' }, at_least: 3 },
      { count: 'money', at_least: 100 },
    ];
    const mixed = activeRule({
      id: 'mixed',
      tag: 'mixed',
      conditions: { all_of: conditions },
      isPending: false,
      products: [],
    });
    const changes = [{ after: order() }, { after: teaOnly }, { after: { ...teaOnly, orderKey: 'o2' } }];
    expect(touchedRules(changes, [], [mixed], '2024-03-10 12:00:00')).toEqual([
      { userId: 'anna', ruleId: 'mixed', more: 3, touched: 0b111, orders: 1, isSure: false },
    ]);
  });

  it('is nothing before it is CLOSED', () => {
    expect(touched([{ after: order({ status: 'COOKING' }) }])).toEqual([]);
    expect(touched([{ before: order({ status: 'OPEN' }), after: order({ status: 'CANCELLED' }) }])).toEqual(
      [],
    );
  });
});

describe('an order outside a period', () => {
  const within = (changes: Partial<Condition>) => [rule('period', undefined, changes)];

  it('is nothing to it', () => {
    expect(touched([{ after: order() }], [], within({ last_days: 2 }))).toEqual(['period 1']);
    expect(touched([{ after: order() }], [], within({ last_days: 1 }))).toEqual([]);
    expect(touched([{ after: order() }], [], within({ from: '2024-03-09', to: '2024-03-10' }))).toEqual([
      'period 1',
    ]);
    expect(touched([{ after: order() }], [], within({ from: '2024-03-10' }))).toEqual([]);
    expect(touched([{ after: order() }], [], within({ to: '2024-03-09' }))).toEqual([]);
  });

  it('may be the first one after all, where it comes before the period of the first order', () => {
    const first = (changes: object) => [
      rule('first', undefined, { count: 'first_order', at_least: undefined, ...changes }),
    ];
    expect(touched([{ after: order() }], [], first({ last_days: 2 }))).toEqual(['first 1']);
    expect(touched([{ after: order() }], [], first({ last_days: 1 }))).toEqual(['first 1 sure']);
    expect(touched([{ after: order() }], [], first({ from: '2024-03-10' }))).toEqual(['first 1 sure']);
    expect(touched([{ after: order() }], [], first({ to: '2024-03-09' }))).toEqual([]);
  });
});

it('says which conditions an order matches', () => {
  const conditions = {
    any_of: [
      { count: 'orders' as const, match: { product_id: 'soup' }, at_least: 2 },
      { count: 'money' as const, at_least: 2 },
      { all_of: [{ count: 'items' as const, match: { category: 'none' }, at_least: 2 }] },
      { count: 'items' as const, match: { category: 'hot' }, at_least: 2 },
    ],
  };
  const several = activeRule({ id: 'several', tag: 'x', conditions, isPending: false, products: [] });
  expect(touchedRules([{ after: order() }], [], [several], '2024-03-10 12:00:00')).toEqual([
    { userId: 'anna', ruleId: 'several', more: 1, touched: 0b1011, orders: 1, isSure: false },
  ]);
});

describe('an order that changes', () => {
  it('is nothing where nothing changes that counts', () => {
    const again = order({ version: '2', cost: '7', payment: '1.00000', amounts: ['10', '5.5'] });
    expect(touched([{ before: order(), after: again }])).toEqual([]);
  });

  it('is judged by what it was and what it is', () => {
    const cake = order({ productIds: [hashKey('h_product', 'cake')], categoryIds: [hot] });
    expect(touched([{ before: order(), after: cake }])).toEqual(
      ['any', 'deli', 'drinks', 'other', 'pattern', 'soup'].map((id) => `${id} 0 sure`),
    );
    expect(touched([{ before: cake, after: { ...cake, amounts: ['11'] } }])).toEqual(
      ['any', 'deli', 'other'].map((id) => `${id} 0 sure`),
    );
  });

  it('may leave the first place to another, where it was before the period of the first order', () => {
    const period = { from: '2024-03-10', to: '2024-03-20' };
    const first = rule('first', undefined, { count: 'first_order', at_least: undefined, ...period });
    const later = order({ orderDt: '2024-03-21 12:00:00' });
    expect(touched([{ before: order(), after: later }], [], [first])).toEqual(['first 0 sure']);
  });

  it('has all rules of the user judged where it counts no more', () => {
    expect(touched([{ before: order(), after: order({ status: 'CANCELLED' }) }])).toEqual(
      rules.map(({ id }) => `${id} -1 sure`).sort(),
    );
  });
});

it('judges a pending rule with every order', () => {
  const pending = rule('pending', { product_id: 'cake' }, {}, true);
  expect(touched([{ after: order() }], [], [pending])).toEqual(['pending 1 sure']);
});

it('judges for a new user what holds without orders, and what is pending', () => {
  const none = rule('none', undefined, { at_least: undefined, at_most: 0 });
  const pending = rule('pending', { product_id: 'cake' }, {}, true);
  const open = order({ status: 'OPEN' });
  expect(touched([{ after: open }], ['anna'], [...rules, none, pending])).toEqual([
    'none 0 sure',
    'pending 0 sure',
  ]);
});
