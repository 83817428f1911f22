import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { rollLine, stagedOrder } from '@app/contracts/staged-order-example';
import { hashdiff, hashKey, uuidText, type Digest } from '@app/data-vault/hash-key';
import type { VaultTable } from '@app/data-vault/declare';
import { columnsOf, rowsWithHashdiff, type RowMaker } from '@app/data-vault/vault-rows';
import { Facts } from '../facts/facts';
import { KnownFacts } from '../facts/known-facts';
import { orderKeys } from '../order/order-keys';
import type { EnrichedOrder } from '../order/read-staged-order';
import { ofOrders, ofProducts, ofRestaurants, ofUsers, orderTable, vaultTables } from './vault';

type Row = Record<string, unknown>;

/** What comes with each version, whatever is known. */
const ofTheOrder = new Set(ofOrders.map(({ table }) => table.name));

const enriched = (staged: StagedOrder): EnrichedOrder => ({ kind: 'order', staged, keys: orderKeys(staged) });

/** The rows of every table by its name, in the order in which they are inserted, uuids as texts. */
function loadedRows(orders: StagedOrder[], known = new KnownFacts()): Record<string, Row[]> {
  const all = orders.map(enriched);
  const { users, restaurants, products } = factsIn(all, known);
  return Object.fromEntries([
    ...rowsBy(ofUsers, users),
    ...rowsBy(ofRestaurants, restaurants),
    ...rowsBy(ofProducts, products),
    ...rowsBy(ofOrders, all),
  ]);
}

function factsIn(orders: EnrichedOrder[], known = new KnownFacts()): Facts {
  const facts = new Facts(known);
  orders.forEach((order) => facts.add(order));
  return facts;
}

function rowsBy<Thing>(makers: RowMaker<Thing>[], things: Thing[]): [table: string, rows: Row[]][] {
  return makers.map((maker) => [
    maker.table.name,
    folded(
      maker.table,
      things.flatMap((thing) => rowsWithHashdiff(maker, thing)),
    ),
  ]);
}

/** As they go in, uuids as texts. */
function folded(table: VaultTable, rows: ReturnType<typeof rowsWithHashdiff>): Row[] {
  const uuids = table.columns.filter(({ type }) => type === 'uuid').map(({ name }) => name);
  return columnsOf(table)
    .once(rows)
    .map((row) => ({
      ...row,
      ...Object.fromEntries(uuids.map((column) => [column, uuidText(row[column] as Digest)])),
    }));
}

const rowsOf = (table: string, orders: StagedOrder[]) => loadedRows(orders)[table]!;
const diff = (satellite: string, ...attributes: (string | null)[]) =>
  uuidText(hashdiff(satellite, attributes));
const asTexts = (orders: StagedOrder[]) =>
  Object.entries(loadedRows(orders)).flatMap(([table, rows]) =>
    rows.map((row) => `${table} ${JSON.stringify(row)}`),
  );

/** A few users, restaurants and products whose entries change; the version says everything else about it. */
const time = fc.integer({ min: 0, max: 2 }).map((second) => `2022-11-19 16:06:0${second}`);
const name = fc.constantFrom('А', 'Б');
const line = fc.record({
  id: fc.constantFrom('product 1', 'product 2', 'product 3'),
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

describe('the rows of the vault', () => {
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
        for (const { name: table, columns } of vaultTables) {
          const keys = columns.filter(({ isKey }) => isKey).map((column) => column.name);
          const found = rows[table]!.map((row) => keys.map((key) => row[key]).join(' '));
          expect([table, new Set(found).size]).toEqual([table, found.length]);
          const first = rows[table]!.map((row) => row[keys[0]!]);
          expect(first).toEqual(first.toSorted());
        }
      }),
    );
  });

  it('keeps every line of the order, numbered from 1, the same product on two of them', () => {
    const lines = [
      rollLine({ price: 180, ordered_name: 'Ролл' }),
      rollLine({ id: 'soup', price: 90, category: 'Супы' }),
      rollLine({ price: 180, ordered_name: 'Ролл' }),
    ];
    const rows = rowsOf('s_order_product', [stagedOrder({ products: lines })]);
    const roll = hashKey('l_order_product', '322519', '6276e8cd0cf48b4cded00878');
    const soup = hashKey('l_order_product', '322519', 'soup');
    expect(Object.fromEntries(rows.map((row) => [row.line, row.hk_order_product_pk]))).toEqual({
      1: roll,
      2: soup,
      3: roll,
    });
    expect(rows.find(({ line: number }) => number === 3)).toEqual({
      hk_order_product_pk: roll,
      order_version: stagedOrder().payload.order_version,
      line: 3,
      name: 'Ролл',
      price: '180',
      quantity: '1',
      category_name: 'Выпечка',
      valid_from: '2022-11-19 16:06:36',
      hk_order_product_hashdiff: diff('s_order_product', 'Ролл', '180', '1', 'Выпечка'),
    });
    expect(rowsOf('l_order_product', [stagedOrder({ products: lines })])).toHaveLength(2);
  });

  it('keeps the lines in order beyond the ninth', () => {
    const products = Array.from({ length: 11 }, () => rollLine());
    expect(rowsOf('s_order_product', [stagedOrder({ products })]).map((row) => row.line)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });

  it('gives three rows for a name that changes and changes back', () => {
    const given = [
      ['2022-01-01 00:00:00', 'А'],
      ['2022-01-02 00:00:00', 'Б'],
      ['2022-01-03 00:00:00', 'А'],
      ['2022-01-03T00:00:00.000', 'А'],
    ] as const;
    const orders = given.map(([valid_from, title]) =>
      stagedOrder({ restaurant: { id: 'r', name: title, valid_from } }),
    );
    const rows = rowsOf('s_restaurant_names', orders);
    expect(rows.map((row) => [row.name, row.valid_from, row.hk_restaurant_names_hashdiff])).toEqual([
      ['А', '2022-01-01 00:00:00', diff('s_restaurant_names', 'А')],
      ['Б', '2022-01-02 00:00:00', diff('s_restaurant_names', 'Б')],
      ['А', '2022-01-03 00:00:00', diff('s_restaurant_names', 'А')],
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
    expect(rowsOf('s_user_names', [stagedOrder({ user })])[0]).toMatchObject({
      username: 'Котова Ольга Вениаминовна',
      userlogin: null,
      valid_from: '2022-10-01 00:00:00.5',
      hk_user_names_hashdiff: '75b52957-3993-5306-a3d2-631123767914',
    });
  });

  it('gives an order without lines its other rows', () => {
    const rows = loadedRows([stagedOrder({ products: [] })]);
    const sizes = Object.entries(rows).flatMap(([table, some]) =>
      some.length > 0 ? `${table} ${some.length}` : [],
    );
    expect(sizes).toEqual([
      'h_user 1',
      's_user_names 1',
      'h_restaurant 1',
      's_restaurant_names 1',
      'l_order_user 1',
      'l_order_restaurant 1',
      's_order_status 2',
      's_order_cost 1',
      's_order_details 1',
    ]);
  });

  it('leaves out the rows of what the dictionary said before, and no others', () => {
    const known = new KnownFacts();
    known.remember(factsIn([enriched(stagedOrder())]));
    const filled = Object.entries(loadedRows([stagedOrder()], known)).filter(([, rows]) => rows.length > 0);
    expect(filled.map(([table]) => table)).toEqual([
      'l_order_user',
      'l_order_restaurant',
      'l_order_product',
      's_order_status',
      's_order_cost',
      's_order_details',
      's_order_product',
    ]);
    const { user, restaurant, products } = stagedOrder().payload;
    const [roll] = products;
    const changed: [changes: Partial<StagedOrder['payload']>, ...tables: string[]][] = [
      [{ user: { ...user, name: `${user.name}!` } }, 'h_user', 's_user_names'],
      [{ user: { ...user, login: null } }, 'h_user', 's_user_names'],
      [{ user: { ...user, valid_from: '2023-01-01 00:00:00' } }, 'h_user', 's_user_names'],
      [{ restaurant: { ...restaurant, name: 'Кофейня №2' } }, 'h_restaurant', 's_restaurant_names'],
      [
        { restaurant: { ...restaurant, valid_from: '2023-01-01 00:00:00' } },
        'h_restaurant',
        's_restaurant_names',
      ],
      ...[{ name: 'РОЛЛ' }, { category: 'Роллы' }, { valid_from: '2023-01-01 00:00:00' }].map(
        (other): [Partial<StagedOrder['payload']>, ...string[]] => [
          { products: [{ ...roll!, ...other }] },
          ...ofProducts.map(({ table }) => table.name),
        ],
      ),
    ];
    for (const [changes, ...tables] of changed) {
      const loaded = Object.entries(loadedRows([stagedOrder(changes)], known));
      expect(
        loaded.flatMap(([table, rows]) => (rows.length > 0 && !ofTheOrder.has(table) ? [table] : [])),
      ).toEqual(tables);
    }
    const elsewhere = stagedOrder({ restaurant: { ...restaurant, id: 'ebfa4c9b8dadfc1da37ab58d' } });
    expect(loadedRows([elsewhere], known).l_product_restaurant).toHaveLength(1);
  });
});

describe('vaultTables', () => {
  it('has parents before children', () => {
    const places = new Map([orderTable, ...vaultTables].map((table, place) => [table, place]));
    for (const [table, place] of places) {
      for (const { table: parent } of table.parents) {
        expect([table.name, parent.name, places.get(parent)! < place]).toEqual([
          table.name,
          parent.name,
          true,
        ]);
      }
    }
  });
});
