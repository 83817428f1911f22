import { describe, expect, it } from 'vitest';
import type { LedgerOrder } from '../ledger/read-vault-order';
import type { ActiveRule } from './active-rules';
import { ruleChanges } from './rule-changes';

const NOW = '2024-03-10 12:00:00';

function rule(id: string, changes: Partial<ActiveRule>): ActiveRule {
  return {
    id,
    tag: `tag of ${id}`,
    category: null,
    product_id: null,
    product_pattern: null,
    restaurant_id: null,
    min_orders: 2,
    window_days: null,
    match: { kind: 'product', id: 'soup' },
    isPending: false,
    products: new Set(),
    ...changes,
  };
}

function order(changes: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    orderKey: 'order',
    orderId: '1',
    version: '1',
    userId: 'anna',
    restaurantId: 'deli',
    status: 'CLOSED',
    orderDt: '2024-03-09 12:00:00',
    cost: '1',
    payment: '1',
    productIds: ['soup', 'tea'],
    categoryIds: ['hot', 'drinks'],
    ...changes,
  };
}

const soup = rule('soup rule', {});
const drinks = rule('drinks rule', { match: { kind: 'category', id: 'drinks' } });
const deli = rule('deli rule', { match: { kind: 'restaurant', id: 'deli' } });
const pattern = rule('pattern rule', {
  match: { kind: 'pattern', folded: 't' },
  products: new Set(['tea', 'soup']),
});

describe('counts', () => {
  it('a CLOSED order once for each rule that it matches, however many products do', () => {
    expect(ruleChanges([{ after: order() }], [soup, drinks, deli, pattern], NOW).counts).toEqual(
      [deli, drinks, pattern, soup].map(({ id }) => ({ userId: 'anna', ruleId: id, by: 1, minOrders: 2 })),
    );
  });

  it('nothing of other orders, and nothing that other rules count', () => {
    const none = { counts: [], recounts: [] };
    expect(ruleChanges([{ after: order({ status: 'COOKING' }) }], [soup], NOW)).toEqual(none);
    expect(ruleChanges([{ after: order({ productIds: ['tea'] }) }], [soup], NOW)).toEqual(none);
    expect(ruleChanges([{ after: order() }], [], NOW)).toEqual(none);
  });

  it('less when an order is cancelled, and nothing where changes cancel out', () => {
    const cancelled = { before: order(), after: order({ status: 'CANCELLED' }) };
    expect(ruleChanges([cancelled], [soup], NOW).counts).toMatchObject([{ by: -1 }]);
    expect(ruleChanges([cancelled, { after: order() }], [soup], NOW).counts).toEqual([]);
    expect(ruleChanges([{ before: order(), after: order({ cost: '2' }) }], [soup], NOW).counts).toEqual([]);
  });

  it('each user for himself, in ascending order', () => {
    const changes = ['zoe', 'anna', 'zoe'].map((userId) => ({ after: order({ userId }) }));
    expect(ruleChanges(changes, [soup], NOW).counts.map(({ userId, by }) => [userId, by])).toEqual([
      ['anna', 1],
      ['zoe', 2],
    ]);
  });
});

describe('asks for a count from the ledger', () => {
  const week = rule('week rule', { window_days: 7 });

  it.each([
    ['inside the window', '2024-03-03 12:00:00.000001', 1],
    ['at its edge', '2024-03-03 12:00:00', 0],
    ['before it', '2024-03-03 11:59:59.9', 0],
    ['in the future', '2025-01-01 00:00:00', 1],
  ])('where an order lies %s', (_, orderDt, recounts) => {
    const changes = ruleChanges([{ after: order({ orderDt }) }], [week], NOW);
    expect(changes.counts).toEqual([]);
    expect(changes.recounts).toHaveLength(recounts);
  });

  it('where an order leaves the window or is cancelled', () => {
    const earlier = order({ orderDt: '2024-01-01 00:00:00' });
    const cancelled = order({ status: 'CANCELLED' });
    for (const after of [earlier, cancelled]) {
      expect(ruleChanges([{ before: order(), after }], [week], NOW).recounts).toEqual([
        { userId: 'anna', ruleId: 'week rule', onlyGains: false },
      ]);
    }
  });

  it('that can be spared where orders only come', () => {
    const come = { after: order() };
    const gone = {
      before: order({ orderKey: 'other' }),
      after: order({ orderKey: 'other', status: 'CANCELLED' }),
    };
    const gains = (changes: Parameters<typeof ruleChanges>[0]) =>
      ruleChanges(changes, [week], NOW).recounts.map(({ onlyGains }) => onlyGains);
    expect(gains([come, come])).toEqual([true]);
    expect(gains([come, gone])).toEqual([false]);
    expect(gains([gone, come])).toEqual([false]);
  });

  it('under a pending rule for whoever has a change, whether it matches or not', () => {
    const pending = rule('pending rule', { isPending: true });
    const changes = [
      { after: order({ userId: 'zoe', productIds: ['tea'] }) },
      { after: order() },
      { after: order({ userId: 'max', status: 'OPEN' }) },
    ];
    expect(ruleChanges(changes, [pending], NOW)).toEqual({
      counts: [],
      recounts: [
        { userId: 'anna', ruleId: 'pending rule', onlyGains: false },
        { userId: 'zoe', ruleId: 'pending rule', onlyGains: false },
      ],
    });
  });
});
