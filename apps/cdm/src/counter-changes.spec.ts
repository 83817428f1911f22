import { describe, expect, it } from 'vitest';
import { counterChanges } from './counter-changes';
import type { LedgerOrder } from './read-vault-order';

/** A CLOSED order of the products p1 and p2, both of the category c1, with other members where they are given. */
function order(changes: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    orderId: 'o1',
    objectId: '1',
    version: '1',
    userId: 'u1',
    restaurantId: 'r1',
    status: 'CLOSED',
    orderDt: '2022-11-19 16:06:36',
    cost: '300',
    payment: '300',
    productIds: ['p1', 'p2'],
    categoryIds: ['c1', 'c1'],
    ...changes,
  };
}

const nothing = { users: new Map(), userProducts: [], userCategories: [], restaurantCategories: [] };

describe('counterChanges', () => {
  it('counts a CLOSED order once for each of its products and once for each of its distinct categories', () => {
    expect(counterChanges([{ after: order() }])).toEqual({
      users: new Map([['u1', 1]]),
      userProducts: [
        { grain: ['p1', 'u1'], by: 1 },
        { grain: ['p2', 'u1'], by: 1 },
      ],
      userCategories: [{ grain: ['u1', 'c1'], by: 1 }],
      restaurantCategories: [{ grain: ['r1', 'c1'], by: 1 }],
    });
  });

  it.each([['OPEN'], ['COOKING'], ['DELIVERING'], ['CANCELLED']])(
    'counts an order that is %s nowhere',
    (status) => {
      expect(counterChanges([{ after: order({ status }) }])).toEqual(nothing);
      expect(counterChanges([{ before: order({ status: 'OPEN' }), after: order({ status }) }])).toEqual(
        nothing,
      );
    },
  );

  it('takes an order that is cancelled out of every counter', () => {
    expect(counterChanges([{ before: order(), after: order({ status: 'CANCELLED' }) }])).toEqual({
      users: new Map([['u1', -1]]),
      userProducts: [
        { grain: ['p1', 'u1'], by: -1 },
        { grain: ['p2', 'u1'], by: -1 },
      ],
      userCategories: [{ grain: ['u1', 'c1'], by: -1 }],
      restaurantCategories: [{ grain: ['r1', 'c1'], by: -1 }],
    });
  });

  it('moves an order whose items change, and leaves alone what stays', () => {
    const after = order({ productIds: ['p2', 'p3'], categoryIds: ['c1', 'c2'] });
    expect(counterChanges([{ before: order(), after }])).toEqual({
      users: new Map(),
      userProducts: [
        { grain: ['p1', 'u1'], by: -1 },
        { grain: ['p3', 'u1'], by: 1 },
      ],
      userCategories: [{ grain: ['u1', 'c2'], by: 1 }],
      restaurantCategories: [{ grain: ['r1', 'c2'], by: 1 }],
    });
  });

  it('leaves out changes that cancel out', () => {
    const moved = { orderId: 'o2', productIds: [], categoryIds: [] };
    expect(counterChanges([{ before: order(), after: order({ cost: '299' }) }])).toEqual(nothing);
    expect(
      counterChanges([{ before: order(), after: order(moved) }, { after: order({ orderId: 'o3' }) }]),
    ).toEqual({ ...nothing, users: new Map([['u1', 1]]) });
    expect(counterChanges([])).toEqual(nothing);
  });

  it('adds up the orders of one grain, in the ascending order of the grains', () => {
    const ofUser = (userId: string) => ({
      after: order({ userId, productIds: ['p1'], categoryIds: ['c1'] }),
    });
    expect(counterChanges([ofUser('u2'), ofUser('u1'), ofUser('u2')])).toEqual({
      users: new Map([
        ['u2', 2],
        ['u1', 1],
      ]),
      userProducts: [
        { grain: ['p1', 'u1'], by: 1 },
        { grain: ['p1', 'u2'], by: 2 },
      ],
      userCategories: [
        { grain: ['u1', 'c1'], by: 1 },
        { grain: ['u2', 'c1'], by: 2 },
      ],
      restaurantCategories: [{ grain: ['r1', 'c1'], by: 3 }],
    });
  });

  it('counts an order without lines with its user alone', () => {
    expect(counterChanges([{ after: order({ productIds: [], categoryIds: [] }) }])).toEqual({
      ...nothing,
      users: new Map([['u1', 1]]),
    });
  });
});
