import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderColumns, type ColumnFilter, type CopiedOrder, type Counts, type Grain } from './order-columns';

const at = <T extends string>(...names: T[]) => fc.constantFrom(...names);

const orders = fc.uniqueArray(
  fc
    .record({
      orderId: fc.bigInt({ min: 0n, max: 60n }),
      userId: at('u1', 'u2', 'u3'),
      restaurantId: at('r1', 'r2'),
      time: fc.integer({ min: 0, max: 9 }),
      lines: fc.uniqueArray(fc.tuple(at('p1', 'p2', 'p3', 'p4'), at('c1', 'c2')), {
        selector: ([product]) => product,
      }),
    })
    .map(({ lines, ...order }) => ({
      ...order,
      productIds: lines.map(([product]) => product),
      categoryIds: lines.map(([, category]) => category),
    })),
  { selector: ({ orderId }) => orderId, maxLength: 40 },
);
const filters: fc.Arbitrary<ColumnFilter> = fc.record(
  {
    restaurantId: at('r1', 'r2', 'r9'),
    categoryId: at('c1', 'c2', 'c9'),
    from: fc.integer({ min: 0, max: 9 }),
    to: fc.integer({ min: 0, max: 10 }),
  },
  { requiredKeys: [] },
);
const grains = fc.uniqueArray(at<Grain>('category', 'product', 'restaurant', 'restaurant category'));

/** The same, slowly. */
function expected(all: CopiedOrder[], filter: ColumnFilter, by: 'orders' | 'users', asked: Grain[]): Counts {
  const total = new Set<bigint | string>();
  const values = new Map(asked.map((grain) => [grain, new Map<string, Set<bigint | string>>()]));
  for (const order of all) {
    const lines = order.productIds
      .map((product, place) => ({ product, category: order.categoryIds[place]! }))
      .filter(({ category }) => filter.categoryId === undefined || category === filter.categoryId);
    const counts =
      (filter.restaurantId === undefined || order.restaurantId === filter.restaurantId) &&
      (filter.categoryId === undefined || lines.length > 0) &&
      order.time >= (filter.from ?? 0) &&
      order.time < (filter.to ?? 10);
    if (counts) {
      const unit = by === 'orders' ? order.orderId : order.userId;
      total.add(unit);
      const keys = {
        category: lines.map(({ category }) => category),
        product: lines.map(({ product }) => product),
        restaurant: [order.restaurantId],
        'restaurant category': lines.map(({ category }) => `${order.restaurantId} ${category}`),
      };
      for (const [grain, units] of values) {
        keys[grain].forEach((key) => units.set(key, (units.get(key) ?? new Set()).add(unit)));
      }
    }
  }
  const counted = Array.from(values, ([grain, units]) => [
    grain,
    Array.from(units, ([key, having]) => [key, having.size]),
  ]);
  return sorted({ total: total.size, values: Object.fromEntries(counted) as Counts['values'] });
}

function sorted({ total, values }: Counts): Counts {
  Object.values(values).forEach((list) => list.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { total, values };
}

describe('OrderColumns', () => {
  it('counts distinct orders and users, under any filter, also after orders were removed', async () => {
    await fc.assert(
      fc.asyncProperty(orders, filters, at('orders', 'users'), grains, async (all, filter, by, asked) => {
        const columns = new OrderColumns();
        all.forEach((order) => columns.add(order));
        const gone = all.filter(({ orderId }) => orderId % 5n === 0n);
        gone.forEach(({ userId, orderId }) => columns.remove(userId, orderId));
        const left = all.filter((order) => !gone.includes(order));
        expect(columns.size).toBe(left.length);
        const counts = await columns.count(filter, by, asked, () => Promise.resolve());
        expect(sorted(counts)).toEqual(expected(left, filter, by, asked));
      }),
      { numRuns: 500 },
    );
  });

  it('takes an order again that was removed, and removes nothing that is not there', async () => {
    const order: CopiedOrder = {
      orderId: 1n,
      userId: 'u1',
      restaurantId: 'r1',
      time: 1,
      productIds: ['p1'],
      categoryIds: ['c1'],
    };
    const columns = new OrderColumns();
    columns.remove('u1', 1n);
    columns.add(order);
    columns.remove('u1', 2n);
    columns.remove('u1', 1n);
    columns.remove('u1', 1n);
    columns.add({ ...order, productIds: ['p2'] });
    expect(columns.size).toBe(1);
    expect(await columns.count({}, 'orders', ['product'], () => Promise.resolve())).toEqual({
      total: 1,
      values: { product: [['p2', 1]] },
    });
  });

  it('lets others have their turn between slices', async () => {
    const columns = new OrderColumns();
    for (let number = 0; number < 250_000; number += 1) {
      columns.add({
        orderId: BigInt(number),
        userId: `u${number % 10_000}`,
        restaurantId: 'r',
        time: number,
        productIds: ['p'],
        categoryIds: ['c'],
      });
    }
    let pauses = 0;
    const { total } = await columns.count({}, 'users', ['category'], () => Promise.resolve((pauses += 1)));
    expect([total, pauses]).toEqual([10_000, 2]);
  });
});
