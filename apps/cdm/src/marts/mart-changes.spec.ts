import { describe, expect, it } from 'vitest';
import { CategoryPopularity } from './category-popularity.entity';
import { DailySales } from './daily-sales.entity';
import { ProductPopularity } from './product-popularity.entity';
import { RestaurantCategoryCounter } from './restaurant-category-counters.entity';
import { UserCategoryCounter } from './user-category-counters.entity';
import { UserProductCounter } from './user-product-counters.entity';
import type { OrderChange } from '../ledger/newest-versions';
import type { LedgerOrder } from '../ledger/read-vault-order';
import { ordersOfUsers } from './count-orders-of-users';
import { martOf } from './declare-mart';
import { MartChanges } from './mart-changes';

/** A CLOSED order of the products p1 and p2, both of the category c1, with other members where they are given. */
function order(changes: Partial<LedgerOrder> = {}): LedgerOrder {
  return {
    orderKey: 'o1',
    orderId: '1',
    version: '1',
    userId: 'u1',
    restaurantId: 'r1',
    status: 'CLOSED',
    orderDt: '2022-11-19 16:06:36.5',
    cost: '6.5',
    payment: '300.00000',
    productIds: ['p1', 'p2'],
    categoryIds: ['c1', 'c1'],
    quantities: ['1'],
    amounts: ['300'],
    ...changes,
  };
}

const counted = {
  ordersOfUsers,
  userProducts: martOf(UserProductCounter),
  userCategories: martOf(UserCategoryCounter),
  restaurantCategories: martOf(RestaurantCategoryCounter),
};

function counters(changes: OrderChange[]) {
  const lists = Object.entries(counted).map(([name, mart]) => [name, new MartChanges(mart, changes).rows()]);
  return Object.fromEntries(lists) as Record<keyof typeof counted, object[]>;
}

const nothing = { ordersOfUsers: [], userProducts: [], userCategories: [], restaurantCategories: [] };

describe('changes of counters', () => {
  it('count a CLOSED order once for each of its products and once for each of its distinct categories', () => {
    expect(counters([{ after: order() }])).toEqual({
      ordersOfUsers: [{ user_id: 'u1', closed_order_cnt: 1 }],
      userProducts: [
        { product_id: 'p1', user_id: 'u1', order_cnt: 1 },
        { product_id: 'p2', user_id: 'u1', order_cnt: 1 },
      ],
      userCategories: [{ user_id: 'u1', category_id: 'c1', order_cnt: 1 }],
      restaurantCategories: [{ restaurant_id: 'r1', category_id: 'c1', order_cnt: 1 }],
    });
  });

  it.each([['OPEN'], ['COOKING'], ['DELIVERING'], ['CANCELLED']])(
    'count an order that is %s nowhere',
    (status) => {
      expect(counters([{ after: order({ status }) }])).toEqual(nothing);
      expect(counters([{ before: order({ status: 'OPEN' }), after: order({ status }) }])).toEqual(nothing);
    },
  );

  it('take an order that is cancelled out of every counter', () => {
    expect(counters([{ before: order(), after: order({ status: 'CANCELLED' }) }])).toEqual({
      ordersOfUsers: [{ user_id: 'u1', closed_order_cnt: -1 }],
      userProducts: [
        { product_id: 'p1', user_id: 'u1', order_cnt: -1 },
        { product_id: 'p2', user_id: 'u1', order_cnt: -1 },
      ],
      userCategories: [{ user_id: 'u1', category_id: 'c1', order_cnt: -1 }],
      restaurantCategories: [{ restaurant_id: 'r1', category_id: 'c1', order_cnt: -1 }],
    });
  });

  it('move an order whose items change, and leave alone what stays', () => {
    const after = order({ productIds: ['p2', 'p3'], categoryIds: ['c1', 'c2'] });
    expect(counters([{ before: order(), after }])).toEqual({
      ordersOfUsers: [],
      userProducts: [
        { product_id: 'p1', user_id: 'u1', order_cnt: -1 },
        { product_id: 'p3', user_id: 'u1', order_cnt: 1 },
      ],
      userCategories: [{ user_id: 'u1', category_id: 'c2', order_cnt: 1 }],
      restaurantCategories: [{ restaurant_id: 'r1', category_id: 'c2', order_cnt: 1 }],
    });
  });

  it('leave out what cancels out', () => {
    const moved = { orderKey: 'o2', productIds: [], categoryIds: [] };
    expect(counters([{ before: order(), after: order({ cost: '299' }) }])).toEqual(nothing);
    expect(
      counters([{ before: order(), after: order(moved) }, { after: order({ orderKey: 'o3' }) }]),
    ).toEqual({ ...nothing, ordersOfUsers: [{ user_id: 'u1', closed_order_cnt: 1 }] });
    expect(counters([])).toEqual(nothing);
  });

  it('add up the orders of one grain, in the ascending order of the grains', () => {
    const ofUser = (userId: string) => ({
      after: order({ userId, productIds: ['p1'], categoryIds: ['c1'] }),
    });
    expect(counters([ofUser('u2'), ofUser('u1'), ofUser('u2')])).toEqual({
      ordersOfUsers: [
        { user_id: 'u1', closed_order_cnt: 1 },
        { user_id: 'u2', closed_order_cnt: 2 },
      ],
      userProducts: [
        { product_id: 'p1', user_id: 'u1', order_cnt: 1 },
        { product_id: 'p1', user_id: 'u2', order_cnt: 2 },
      ],
      userCategories: [
        { user_id: 'u1', category_id: 'c1', order_cnt: 1 },
        { user_id: 'u2', category_id: 'c1', order_cnt: 2 },
      ],
      restaurantCategories: [{ restaurant_id: 'r1', category_id: 'c1', order_cnt: 3 }],
    });
  });

  it('sort by the first part of the grain, then by the next', () => {
    const ofUser = (userId: string) => ({
      after: order({ userId, productIds: ['p1', 'p2'], categoryIds: ['c2', 'c1'] }),
    });
    const { userProducts, userCategories } = counters([ofUser('u2'), ofUser('u1')]);
    expect(userProducts.map((row) => Object.values(row).slice(0, 2))).toEqual([
      ['p1', 'u1'],
      ['p1', 'u2'],
      ['p2', 'u1'],
      ['p2', 'u2'],
    ]);
    expect(userCategories.map((row) => Object.values(row).slice(0, 2))).toEqual([
      ['u1', 'c1'],
      ['u1', 'c2'],
      ['u2', 'c1'],
      ['u2', 'c2'],
    ]);
  });

  it('count an order without lines with its user alone', () => {
    expect(counters([{ after: order({ productIds: [], categoryIds: [] }) }])).toEqual({
      ...nothing,
      ordersOfUsers: [{ user_id: 'u1', closed_order_cnt: 1 }],
    });
  });
});

describe('changes of daily sales', () => {
  const sales = (changes: OrderChange[]) => new MartChanges(martOf(DailySales), changes).rows();
  const row = { day: '2022-11-19', restaurant_id: 'r1' };

  it('count an order on its day, its money only while it is CLOSED', () => {
    expect(sales([{ after: order() }])).toEqual([
      { ...row, order_cnt: 1, closed_order_cnt: 1, cost: '6.50000', payment: '300.00000' },
    ]);
    expect(sales([{ after: order({ status: 'OPEN' }) }])).toEqual([
      { ...row, order_cnt: 1, closed_order_cnt: 0, cost: '0.00000', payment: '0.00000' },
    ]);
    expect(sales([{ before: order(), after: order({ status: 'CANCELLED' }) }])).toEqual([
      { ...row, order_cnt: 0, closed_order_cnt: -1, cost: '-6.50000', payment: '-300.00000' },
    ]);
  });

  it('move an order whose date changes, in the order of days', () => {
    const after = order({ orderDt: '2022-11-18 23:59:59', cost: '6.50001' });
    expect(sales([{ before: order(), after }])).toEqual([
      {
        day: '2022-11-18',
        restaurant_id: 'r1',
        order_cnt: 1,
        closed_order_cnt: 1,
        cost: '6.50001',
        payment: '300.00000',
      },
      { ...row, order_cnt: -1, closed_order_cnt: -1, cost: '-6.50000', payment: '-300.00000' },
    ]);
  });

  it('leave out what cancels out', () => {
    expect(sales([{ before: order(), after: order({ cost: '6.50000', version: '2' }) }])).toEqual([]);
  });
});

describe('changes of popularity', () => {
  const [products, userProducts] = [martOf(ProductPopularity), martOf(UserProductCounter)];
  const ofUser = (userId: string, productIds: string[]) => order({ userId, productIds });

  it('add up the orders of all users, and take the users from the rows of their counters', () => {
    const changes = new MartChanges(products, [
      { after: ofUser('u1', ['p2']) },
      { before: ofUser('u2', ['p1']), after: ofUser('u2', ['p2']) },
    ]);
    changes.addRows(userProducts, [
      { product_id: 'p1', rows: -1 },
      { product_id: 'p2', rows: 1 },
      { product_id: 'p2', rows: 1 },
    ]);
    expect(changes.rows()).toEqual([
      { product_id: 'p1', order_cnt: -1, user_cnt: -1 },
      { product_id: 'p2', order_cnt: 2, user_cnt: 2 },
    ]);
  });

  it('leave out what stays as it is, and keep what only changes its users', () => {
    const moved = [
      { before: ofUser('u1', ['p1']), after: ofUser('u1', []) },
      { after: ofUser('u2', ['p1']) },
    ];
    const changes = new MartChanges(products, moved);
    expect(changes.rows()).toEqual([]);
    changes.addRows(userProducts, [{ product_id: 'p1', rows: 1 }]);
    expect(changes.rows()).toEqual([{ product_id: 'p1', order_cnt: 0, user_cnt: 1 }]);
  });

  it('count an order once for a category', () => {
    expect(new MartChanges(martOf(CategoryPopularity), [{ after: order() }]).rows()).toEqual([
      { category_id: 'c1', order_cnt: 1, user_cnt: 0 },
    ]);
  });
});
