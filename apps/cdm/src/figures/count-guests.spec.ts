import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countGuests, type GuestQuestion } from './count-guests';
import { OrderColumns, type CopiedOrder } from './order-columns';

const at = <T extends string>(...names: T[]) => fc.constantFrom(...names);

const orders = fc.uniqueArray(
  fc
    .record({
      orderId: fc.bigInt({ min: 0n, max: 60n }),
      userId: at('u1', 'u2', 'u3'),
      restaurantId: at('r1', 'r2'),
      time: fc.integer({ min: 0, max: 9 }),
      payment: fc.bigInt({ min: -(2n ** 39n), max: 2n ** 39n }),
      lines: fc.uniqueArray(
        fc.record({
          product: at('p1', 'p2', 'p3', 'p4'),
          category: at('c1', 'c2'),
          quantity: fc.integer({ min: 0, max: 9 }),
          amount: fc.bigInt({ min: 0n, max: 2n ** 39n }),
        }),
        { selector: ({ product }) => product },
      ),
    })
    .map(({ lines, payment, ...order }) => ({
      ...order,
      productIds: lines.map(({ product }) => product),
      categoryIds: lines.map(({ category }) => category),
      worth: {
        payment,
        quantities: lines.map(({ quantity }) => quantity),
        amounts: lines.map(({ amount }) => amount),
      },
    })),
  { selector: ({ orderId }) => orderId, maxLength: 40 },
);
const questions: fc.Arbitrary<GuestQuestion> = fc.record(
  {
    of: fc.oneof(
      fc.record({ kind: fc.constant('restaurant' as const), ids: fc.subarray(['r1', 'r2', 'r9']) }),
      fc.record({ kind: fc.constant('product' as const), ids: fc.subarray(['p1', 'p2', 'p3', 'p9']) }),
      fc.record({ kind: fc.constant('category' as const), ids: fc.subarray(['c1', 'c2', 'c9']) }),
    ),
    from: fc.integer({ min: 0, max: 9 }),
    to: fc.integer({ min: 0, max: 10 }),
    sum: at('items', 'money'),
  },
  { requiredKeys: [] },
);

/** The same of one guest, slowly. */
function expected(own: (CopiedOrder & { worth: { payment: bigint } })[], question: GuestQuestion) {
  const { of, from = 0, to = 10, sum } = question;
  const matching = own.flatMap((order) => {
    const { restaurantId, productIds, categoryIds, time } = order;
    const lines = productIds.flatMap((product, place) => {
      const keys = { restaurant: restaurantId, product, category: categoryIds[place]! };
      return !of || of.ids.includes(keys[of.kind]) ? [place] : [];
    });
    const isAsked = !of || (of.kind === 'restaurant' ? of.ids.includes(restaurantId) : lines.length > 0);
    return isAsked && time >= from && time < to ? [{ order, lines }] : [];
  });
  const isWhole = of === undefined || of.kind === 'restaurant';
  const sums = matching.map(({ order: { worth }, lines }) => {
    if (sum === 'money' && isWhole) {
      return worth.payment;
    }
    const { quantities, amounts } = worth as NonNullable<CopiedOrder['worth']>;
    return lines.reduce(
      (all, place) => all + (sum === 'money' ? amounts[place]! : BigInt(quantities[place]!)),
      0n,
    );
  });
  const times = matching.map(({ order }) => order.time);
  return {
    orders: matching.length,
    sum: sum && sums.reduce((all, one) => all + one, 0n),
    first: Math.min(...times),
    last: Math.max(...times),
  };
}

it('counts orders, items, money and times of each guest, also after orders were removed', async () => {
  await fc.assert(
    fc.asyncProperty(orders, questions, async (all, question) => {
      const columns = new OrderColumns();
      all.forEach((order) => columns.add(order));
      const gone = all.filter(({ orderId }) => orderId % 5n === 0n);
      gone.forEach(({ userId, orderId }) => columns.remove(userId, orderId));
      const counts = await countGuests(columns, question, () => Promise.resolve());
      for (const userId of new Set(all.map((order) => order.userId))) {
        const guest = columns.users.find(userId)!;
        const own = all.filter((order) => order.userId === userId && !gone.includes(order));
        expect(columns.orders.at(guest)).toBe(own.length);
        expect({
          orders: counts.orders[guest],
          sum: counts.sums[guest],
          first: counts.first[guest],
          last: counts.last[guest],
        }).toEqual(expected(own, question));
      }
    }),
    { numRuns: 500 },
  );
});

it('keeps the places of orders whose worth is not known, and says so', async () => {
  const order = (orderId: bigint, worth: CopiedOrder['worth']): CopiedOrder => ({
    orderId,
    userId: 'u1',
    restaurantId: 'r1',
    time: 1,
    productIds: ['p1', 'p2'],
    categoryIds: ['c1', 'c1'],
    worth,
  });
  const columns = new OrderColumns();
  columns.add(order(1n, { payment: 5n, quantities: [1, 2], amounts: [3n, 4n] }));
  expect(columns.hasWorth).toBe(true);
  columns.add(order(2n, null));
  expect(columns.hasWorth).toBe(false);
  columns.add(order(3n, { payment: 7n, quantities: [1, 1], amounts: [10n, 20n] }));
  const { sums } = await countGuests(columns, { of: { kind: 'product', ids: ['p2'] }, sum: 'money' }, () =>
    Promise.resolve(),
  );
  expect(sums).toEqual(BigInt64Array.of(24n));
});
