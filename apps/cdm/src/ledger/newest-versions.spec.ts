import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordersOfUsers } from '../marts/count-orders-of-users';
import { MartChanges } from '../marts/mart-changes';
import { marts } from '../marts/marts';
import { newestVersions, type OrderChange } from './newest-versions';
import type { IncomingOrder, LedgerOrder } from './read-vault-order';

function incoming(orderKey: string, version: string, changes: Partial<IncomingOrder> = {}): IncomingOrder {
  return {
    kind: 'order',
    orderKey,
    orderId: orderKey,
    version,
    userId: `user of ${orderKey}`,
    sourceUserId: `user of ${orderKey}`,
    restaurantId: 'r1',
    status: 'CLOSED',
    orderDt: '2022-11-19 16:06:36',
    cost: '300',
    payment: '300',
    productIds: ['p1'],
    categoryIds: ['c1'],
    quantities: ['1'],
    amounts: ['300'],
    ...changes,
  };
}

const ledgerOf = (...orders: LedgerOrder[]) => new Map(orders.map((order) => [order.orderKey, order]));

describe('newestVersions', () => {
  it('adds an order that the ledger does not hold', () => {
    const order = incoming('o1', '1');
    expect(newestVersions([order], new Map())).toEqual({ changes: [{ after: order }], refused: new Map() });
  });

  it('lets a newer version take the place of the one in the ledger', () => {
    const [before, after] = [incoming('o1', '1'), incoming('o1', '2', { status: 'CANCELLED' })];
    expect(newestVersions([after], ledgerOf(before)).changes).toEqual([{ before, after }]);
  });

  it('changes nothing for a version that is late or comes again', () => {
    const known = incoming('o1', '2');
    const late = incoming('o1', '1', { status: 'CANCELLED' });
    expect(newestVersions([late, incoming('o1', '2'), late], ledgerOf(known)).changes).toEqual([]);
  });

  it('folds the versions of one order inside a batch into one change', () => {
    const known = incoming('o1', '1');
    const orders = [incoming('o1', '3'), incoming('o2', '2'), incoming('o1', '2'), incoming('o2', '1')];
    expect(newestVersions(orders, ledgerOf(known)).changes).toEqual([
      { before: known, after: orders[0] },
      { before: undefined, after: orders[1] },
    ]);
  });

  it('leaves the ledger that it is given as it is', () => {
    const ledger = ledgerOf(incoming('o1', '1'));
    newestVersions([incoming('o1', '2'), incoming('o2', '1')], ledger);
    expect(ledger).toEqual(ledgerOf(incoming('o1', '1')));
  });

  it.each([
    [{ userId: 'u9' }, 'payload.user_id must stay user of o1, as in the version that came first, got u9'],
    [{ restaurantId: 'r9' }, 'payload.restaurant.id must stay r1, as in the version that came first, got r9'],
  ])('refuses a version with %j, newer or older, against the ledger or the batch', (owner, message) => {
    const refusal = { kind: 'refused', reason: 'order_owner_changed', message };
    const first = incoming('o1', '2');
    for (const version of ['1', '2', '3']) {
      const other = incoming('o1', version, owner);
      const inLedger = newestVersions([other], ledgerOf(first));
      expect(inLedger).toEqual({ changes: [], refused: new Map([[other, refusal]]) });
      const inBatch = newestVersions([first, other], new Map());
      expect(inBatch).toEqual({ changes: [{ after: first }], refused: new Map([[other, refusal]]) });
    }
  });

  it('goes on with the versions behind a refused one', () => {
    const [first, other, next] = [
      incoming('o1', '1'),
      incoming('o1', '2', { userId: 'u9' }),
      incoming('o1', '3'),
    ];
    const { changes, refused } = newestVersions([first, other, next], new Map());
    expect(changes).toEqual([{ before: undefined, after: next }]);
    expect([...refused.keys()]).toEqual([other]);
  });

  it('ends in one ledger and one set of counters, whatever the order of arrival, the repeats and the batches', () => {
    fc.assert(
      fc.property(history, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (arrived, sizes) => {
        const ledger = new Map<string, LedgerOrder>();
        const counters = new Map<string, number>();
        for (const batch of batchesOf(arrived, sizes)) {
          const { changes, refused } = newestVersions(batch, ledger);
          expect(refused.size).toBe(0);
          count(counters, changes);
          changes.forEach(({ after }) => ledger.set(after.orderKey, after));
          expect(Math.min(1, ...counters.values())).toBeGreaterThan(0);
        }
        const newest = new Map<string, LedgerOrder>();
        for (const order of arrived.toSorted((a, b) => (a.version < b.version ? -1 : 1))) {
          newest.set(order.orderKey, order);
        }
        expect(new Map([...ledger].toSorted())).toEqual(new Map([...newest].toSorted()));
        const expected = count(
          new Map(),
          Array.from(newest.values(), (after) => ({ after })),
        );
        expect(counters).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

/** Versions of a few orders of two users, in any order, some of them more than once. */
const history = fc
  .uniqueArray(
    fc.record({
      orderKey: fc.constantFrom('o1', 'o2', 'o3'),
      version: fc.integer({ min: 0, max: 9 }).map(String),
      status: fc.constantFrom('OPEN', 'CLOSED', 'CLOSED', 'CANCELLED'),
      products: fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3'), { maxLength: 3 }),
      categories: fc.array(fc.constantFrom('c1', 'c2'), { minLength: 3, maxLength: 3 }),
    }),
    { selector: ({ orderKey, version }) => `${orderKey} ${version}`, minLength: 1, maxLength: 12 },
  )
  .map((versions) =>
    versions.map(({ orderKey, version, status, products, categories }) =>
      incoming(orderKey, version, {
        userId: orderKey === 'o3' ? 'u2' : 'u1',
        status,
        productIds: products.toSorted(),
        categoryIds: categories.slice(0, products.length),
      }),
    ),
  )
  .chain((versions) =>
    fc
      .array(fc.constantFrom(...versions), { maxLength: 5 })
      .map((repeats) => [...versions, ...repeats.map((order) => ({ ...order }))]),
  )
  .chain((arrived) => fc.shuffledSubarray(arrived, { minLength: arrived.length }));

function batchesOf<T>(items: T[], sizes: number[]): T[][] {
  const batches: T[][] = [];
  for (let from = 0, place = 0; from < items.length; place++) {
    const size = sizes[place % sizes.length]!;
    batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
}

/** Applies the changes; a counter that falls to zero leaves. */
function count(counters: Map<string, number>, changes: OrderChange[]): Map<string, number> {
  for (const [place, counting] of [ordersOfUsers, ...marts].entries()) {
    const [orders] = counting.measures;
    for (const row of new MartChanges(counting, changes).rows()) {
      const name = [place, ...counting.grain.map(({ column }) => row[column])].join(' ');
      const total = (counters.get(name) ?? 0) + Number(row[orders!.column]);
      if (total === 0) {
        counters.delete(name);
      } else {
        counters.set(name, total);
      }
    }
  }
  return counters;
}
