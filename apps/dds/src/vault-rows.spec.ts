import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { rollLine, stagedOrder } from '@app/contracts/staged-order.example';
import { hashdiff, hashKey } from '@app/data-vault/hash-key';
import { orderKeys } from './order-keys';
import type { EnrichedOrder } from './read-staged-order';
import { factRows, factsOf, orderRows, type VaultRows } from './vault-rows';
import { vaultTables, type VaultTableName } from './vault-tables';

/** The columns of each table's primary key, by their places. */
const primaryKeys: Record<VaultTableName, number[]> = {
  h_user: [0],
  h_restaurant: [0],
  h_product: [0],
  h_category: [0],
  l_order_user: [0],
  l_order_restaurant: [0],
  l_order_product: [0],
  l_product_restaurant: [0],
  l_product_category: [0],
  s_user_names: [0, 3, 4],
  s_restaurant_names: [0, 2, 3],
  s_product_names: [0, 2, 3],
  s_product_category: [0, 1, 2],
  s_order_status: [0, 2, 3],
  s_order_cost: [0, 1],
  s_order_details: [0, 1],
  s_order_product: [0, 1, 2],
};
const tables = Object.keys(vaultTables) as VaultTableName[];

const enriched = (staged: StagedOrder): EnrichedOrder => ({ kind: 'order', staged, keys: orderKeys(staged) });

function allRows(orders: StagedOrder[], isKnown = (_fact: string) => false): VaultRows {
  const all = orders.map(enriched);
  const [ofFacts, ofOrders] = [factRows(factsOf(all, isKnown)), orderRows(all)];
  const filled = tables.map((table) => [table, ofFacts[table].size > 0 ? ofFacts[table] : ofOrders[table]]);
  return Object.fromEntries(filled) as VaultRows;
}

/** The rows of every table, in the order in which they are inserted. */
function loadedRows(orders: StagedOrder[]): Record<VaultTableName, unknown[][]> {
  const rows = allRows(orders);
  const entries = tables.map((table) => {
    const columns = rows[table].columns();
    return [table, (columns[0] ?? []).map((_, place) => columns.map((column) => column[place]))];
  });
  return Object.fromEntries(entries) as Record<VaultTableName, unknown[][]>;
}

const rowsOf = (table: VaultTableName, orders: StagedOrder[]) => loadedRows(orders)[table];
const asTexts = (orders: StagedOrder[]) =>
  Object.entries(loadedRows(orders)).flatMap(([table, rows]) =>
    rows.map((row) => `${table} ${JSON.stringify(row)}`),
  );

/** A few users, restaurants and dishes whose entries change; the version tells everything else about it. */
const time = fc.integer({ min: 0, max: 2 }).map((second) => `2022-11-19 16:06:0${second}`);
const name = fc.constantFrom('А', 'Б');
const line = fc.record({
  id: fc.constantFrom('dish 1', 'dish 2', 'dish 3'),
  price: fc.constantFrom(100, new LosslessNumber('100.00'), 7.5),
  quantity: fc.integer({ min: 1, max: 2 }),
  name,
  ordered_name: name,
  category: fc.constantFrom('Супы', 'супы', 'Выпечка'),
  valid_from: time,
});
const versions = fc.array(
  fc.record({
    object_id: fc.integer({ min: 1, max: 3 }),
    statuses: fc.array(fc.record({ status: fc.constantFrom('OPEN', 'CLOSED'), dttm: time }), {
      minLength: 1,
    }),
    products: fc.array(line, { maxLength: 4 }),
    user: fc.record({ name, login: fc.constantFrom('a', null), valid_from: time }),
    restaurant: fc.record({ name, valid_from: time }),
    cost: fc.integer({ min: 0, max: 1 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const history = versions.map((list) =>
  list.map(({ object_id, statuses, user, restaurant, ...payload }, place) => ({
    ...stagedOrder({
      ...payload,
      statuses: statuses as StagedOrder['payload']['statuses'],
      order_version: `version ${place}`,
      user: { id: `user ${object_id % 2}`, ...user },
      restaurant: { id: `restaurant ${object_id % 2}`, ...restaurant },
    }),
    object_id,
  })),
);
/** The same versions in any order, with repeats, in batches. */
const arrival = (orders: StagedOrder[]) =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...orders), { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 12 }),
    )
    .chain(([repeats, sizes]) =>
      fc
        .shuffledSubarray([...orders, ...repeats], { minLength: orders.length + repeats.length })
        .map((arrived) => batchesOf(arrived, sizes)),
    );

function batchesOf<T>(items: T[], sizes: number[]): T[][] {
  const batches: T[][] = [];
  for (let from = 0, place = 0; from < items.length; place++) {
    const size = sizes[place % sizes.length]!;
    batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
}

describe('factRows and orderRows', () => {
  it('gives the same rows for any order of arrival, with repeats, in any batches', () => {
    const cases = history.chain((orders) => fc.tuple(fc.constant(orders), arrival(orders)));
    fc.assert(
      fc.property(cases, ([orders, batches]) => {
        const inBatches = new Set(batches.flatMap(asTexts));
        expect(asTexts(orders).toSorted()).toEqual([...inBatches].toSorted());
      }),
    );
  });

  it('gives no two rows one primary key, and rows in the ascending order of their first column', () => {
    fc.assert(
      fc.property(history, (orders) => {
        const rows = loadedRows(orders);
        const keys = tables.flatMap((table) =>
          rows[table].map((row) => [table, ...primaryKeys[table].map((place) => row[place])].join(' ')),
        );
        expect(new Set(keys).size).toBe(keys.length);
        for (const table of tables) {
          const first = rows[table].map(([key]) => key);
          expect(first).toEqual(first.toSorted());
        }
      }),
    );
  });

  it('keeps every line of the order, numbered from 1, the same dish on two of them', () => {
    const lines = [
      rollLine({ price: 180, ordered_name: 'Ролл' }),
      rollLine({ id: 'soup', price: 90, category: 'Супы' }),
      rollLine({ price: 180, ordered_name: 'Ролл' }),
    ];
    const rows = rowsOf('s_order_product', [stagedOrder({ products: lines })]);
    const roll = hashKey('l_order_product', '322519', '6276e8cd0cf48b4cded00878');
    const soup = hashKey('l_order_product', '322519', 'soup');
    expect(rows.map(([link, , number]) => [link, number]).toSorted()).toEqual(
      [
        [roll, 1],
        [soup, 2],
        [roll, 3],
      ].toSorted(),
    );
    expect(rows.find(([, , number]) => number === 3)).toEqual([
      roll,
      stagedOrder().payload.order_version,
      3,
      'Ролл',
      '180',
      '1',
      'Выпечка',
      '2022-11-19 16:06:36',
      hashdiff('s_order_product', 'Ролл', '180', '1', 'Выпечка'),
    ]);
    expect(rowsOf('l_order_product', [stagedOrder({ products: lines })])).toHaveLength(2);
  });

  it('keeps the lines in order beyond the ninth', () => {
    const products = Array.from({ length: 11 }, () => rollLine());
    expect(rowsOf('s_order_product', [stagedOrder({ products })]).map(([, , number]) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });

  it('gives three rows for a name that changes and changes back', () => {
    const told = [
      ['2022-01-01 00:00:00', 'А'],
      ['2022-01-02 00:00:00', 'Б'],
      ['2022-01-03 00:00:00', 'А'],
      ['2022-01-03T00:00:00.000', 'А'],
    ] as const;
    const orders = told.map(([valid_from, title]) =>
      stagedOrder({ restaurant: { id: 'r', name: title, valid_from } }),
    );
    expect(rowsOf('s_restaurant_names', orders).map(([, ...row]) => row)).toEqual([
      ['А', '2022-01-01 00:00:00', hashdiff('s_restaurant_names', 'А')],
      ['Б', '2022-01-02 00:00:00', hashdiff('s_restaurant_names', 'Б')],
      ['А', '2022-01-03 00:00:00', hashdiff('s_restaurant_names', 'А')],
    ]);
  });

  it('writes amounts and times by their value, and a missing login as null', () => {
    const cost = new LosslessNumber('540.00000');
    const order = stagedOrder({
      cost,
      bonus_grant: new LosslessNumber('1.55e1'),
      date: '2022-11-19T16:06:36.0',
    });
    expect(rowsOf('s_order_cost', [order])).toEqual(rowsOf('s_order_cost', [stagedOrder()]));
    expect(rowsOf('s_order_details', [order])).toEqual(rowsOf('s_order_details', [stagedOrder()]));
    const user = { ...stagedOrder().payload.user, login: null };
    expect(rowsOf('s_user_names', [stagedOrder({ user })])[0]!.slice(1)).toEqual([
      'Котова Ольга Вениаминовна',
      null,
      '2022-10-01 00:00:00.5',
      '75b52957-3993-5306-a3d2-631123767914',
    ]);
  });

  it('has rows for exactly the columns that the statements name', () => {
    for (const table of tables) {
      const places = new Set(vaultTables[table].text.match(/\$\d+/g));
      expect(allRows([stagedOrder()])[table].columns()).toHaveLength(places.size);
    }
  });

  it('gives an order without lines its other rows', () => {
    const rows = allRows([stagedOrder({ products: [] })]);
    expect([rows.h_product.size, rows.s_order_product.size, rows.l_order_product.size]).toEqual([0, 0, 0]);
    expect([rows.l_order_user.size, rows.s_order_cost.size, rows.s_order_status.size]).toEqual([1, 1, 2]);
  });

  it('leaves out the rows of what the dictionary said before, and no others', () => {
    const known = new Set(factsOf([enriched(stagedOrder())], () => false).keys());
    const isKnown = (fact: string) => known.has(fact);
    const filled = (rows: VaultRows) => tables.filter((table) => rows[table].size > 0);
    expect(filled(allRows([stagedOrder()], isKnown))).toEqual([
      'l_order_user',
      'l_order_restaurant',
      'l_order_product',
      's_order_status',
      's_order_cost',
      's_order_details',
      's_order_product',
    ]);
    const { user } = stagedOrder().payload;
    const renamed = stagedOrder({ user: { ...user, name: `${user.name}!` } });
    expect(allRows([renamed], isKnown).s_user_names.size).toBe(1);
  });
});
