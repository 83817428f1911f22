import { expect, it } from 'vitest';
import type { LedgerOrder } from './read-vault-order';
import { moneyText, salesChanges } from './sales-changes';

function order(changes: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    orderId: 'o1',
    objectId: '1',
    version: '1',
    userId: 'u1',
    restaurantId: 'r1',
    status: 'CLOSED',
    orderDt: '2022-11-19 16:06:36.5',
    cost: '6.5',
    payment: '300.00000',
    productIds: [],
    categoryIds: [],
    ...changes,
  };
}

const row = { day: '2022-11-19', restaurantId: 'r1' };

it('counts an order on its day, its money only while it is CLOSED', () => {
  expect(salesChanges([{ after: order() }])).toEqual([
    { ...row, orders: 1, closedOrders: 1, cost: 650_000n, payment: 30_000_000n },
  ]);
  expect(salesChanges([{ after: order({ status: 'OPEN' }) }])).toEqual([
    { ...row, orders: 1, closedOrders: 0, cost: 0n, payment: 0n },
  ]);
  expect(salesChanges([{ before: order(), after: order({ status: 'CANCELLED' }) }])).toEqual([
    { ...row, orders: 0, closedOrders: -1, cost: -650_000n, payment: -30_000_000n },
  ]);
});

it('moves an order whose date changes, in the order of days', () => {
  const after = order({ orderDt: '2022-11-18 23:59:59', cost: '6.50001' });
  expect(salesChanges([{ before: order(), after }])).toEqual([
    {
      day: '2022-11-18',
      restaurantId: 'r1',
      orders: 1,
      closedOrders: 1,
      cost: 650_001n,
      payment: 30_000_000n,
    },
    { ...row, orders: -1, closedOrders: -1, cost: -650_000n, payment: -30_000_000n },
  ]);
});

it('leaves out what cancels out', () => {
  expect(salesChanges([{ before: order(), after: order({ cost: '6.50000', version: '2' }) }])).toEqual([]);
});

it.each([
  [0n, '0.00000'],
  [1n, '0.00001'],
  [-650_000n, '-6.50000'],
  [12_345_678_901_234_567_890n, '123456789012345.67890'],
])('writes %s as %s', (units, text) => {
  expect(moneyText(units)).toBe(text);
});
