import { keyDigest } from '@app/data-vault/hash-key';
import { bucketOf, hashOfBucket } from '@app/data-vault/user-place';
import { describe, expect, it } from 'vitest';
import { parseMessage } from '@app/contracts/parse-message';
import { SourceOrder } from '@app/contracts/source-order.contract';
import { sourceOrder } from '@app/contracts/source-order-example';
import { StagedOrder } from '@app/contracts/staged-order.contract';
import { validated } from '@app/contracts/validate';
import type { Product } from './dictionary-entry';
import {
  encodeOutput,
  enrichOrder,
  type DictionaryAnswers,
  type Enrichment,
  type DatedEntry,
} from './enrich-order';

const USER = '626a81ce9a8cd1920641e296';
const RESTAURANT = 'a51e4e31ae4602047ec52534';
const [STEW, DUMPLINGS] = ['c5b64c8ba71adb08ce4bf7bc', '6276e8cd0cf48b4cded00878'] as const;
const VERSION = `2023-08-05 06:28:54.000000|2023-08-12 06:07:15.000000|${'0f'.repeat(16)}`;

/** A dictionary that knows the user, the restaurant and the products of the example. */
function dictionary(known: {
  login?: null;
  user?: false;
  restaurant?: false;
  menu?: Record<string, Product>;
  earlier?: Record<string, DatedEntry<Product>>;
}): DictionaryAnswers {
  const menu = new Map(
    Object.entries(
      known.menu ?? {
        [STEW]: { name: 'Аджапсандал', category: 'Горячее' },
        [DUMPLINGS]: { name: 'Хинкали с мясом', category: 'Выпечка' },
      },
    ),
  );
  const login = known.login === null ? null : 'olga';
  return {
    user: (id) =>
      id === USER && known.user !== false
        ? {
            entryPk: 'user-entry',
            validFrom: '2023-08-01 00:00:00',
            entry: { kind: 'user', name: 'Котова Ольга', login, time: null },
          }
        : undefined,
    restaurant: (id) =>
      id === RESTAURANT && known.restaurant !== false
        ? {
            entryPk: 'restaurant-entry',
            validFrom: '2023-08-02 00:00:00.5',
            entry: { kind: 'restaurant', name: 'Кофейня №1', menu, time: null },
          }
        : undefined,
    earlierProduct: (restaurantId, productId) =>
      restaurantId === RESTAURANT ? known.earlier?.[productId] : undefined,
  };
}

type Payload = ReturnType<typeof sourceOrder>['payload'];

function enrich(changes: Partial<Payload>, known: Parameters<typeof dictionary>[0] = {}): Enrichment {
  const order = sourceOrder();
  const message = { ...order, payload: { ...order.payload, ...changes } };
  return enrichOrder(validated(SourceOrder, message), VERSION, dictionary(known));
}

function stagedOf(enrichment: Enrichment): StagedOrder {
  expect(enrichment.kind).toBe('enriched');
  return (enrichment as Extract<Enrichment, { kind: 'enriched' }>).staged;
}

describe('enrichOrder', () => {
  it('takes names and categories from the menu, price and quantity from the order', () => {
    expect(enrich({})).toEqual({
      kind: 'enriched',
      used: { userEntryPk: 'user-entry', restaurantEntryPk: 'restaurant-entry', earlierMenus: null },
      staged: {
        object_id: 2301365,
        object_type: 'order',
        sent_dttm: '2023-08-12 06:07:15',
        payload: {
          id: 2301365,
          order_version: VERSION,
          date: '2023-08-05 06:28:54',
          update_ts: '2023-08-05 06:28:54',
          cost: 2012.5,
          payment: 2012.5,
          bonus_payment: 0,
          bonus_grant: 0,
          status: 'CLOSED',
          statuses: [
            { status: 'CLOSED', dttm: '2023-08-05 06:28:54' },
            { status: 'OPEN', dttm: '2023-08-05 04:26:54' },
          ],
          restaurant: { id: RESTAURANT, name: 'Кофейня №1', valid_from: '2023-08-02 00:00:00.5' },
          user: { id: USER, name: 'Котова Ольга', login: 'olga', valid_from: '2023-08-01 00:00:00' },
          products: [
            {
              id: STEW,
              price: 400,
              quantity: 5,
              name: 'Аджапсандал',
              ordered_name: 'Аджапсандали',
              category: 'Горячее',
              valid_from: '2023-08-02 00:00:00.5',
            },
            {
              id: DUMPLINGS,
              price: 12.5,
              quantity: 1,
              name: 'Хинкали с мясом',
              ordered_name: 'Хинкали',
              category: 'Выпечка',
              valid_from: '2023-08-02 00:00:00.5',
            },
          ],
        },
      },
    });
  });

  it('sends on what the contract of staged orders takes, keyed by the user', () => {
    const staged = stagedOf(enrich({}, { login: null }));
    const { key, hash, value } = encodeOutput(staged);
    expect(key).toBe(USER);
    expect(hash!()).toBe(hashOfBucket(bucketOf(keyDigest('h_user', USER))));
    expect(validated(StagedOrder, parseMessage(Buffer.from(value!)))).toEqual(validated(StagedOrder, staged));
  });

  it('writes every time of the order in one form', () => {
    const time = '2023-08-05T06:28:54.500';
    const { payload } = stagedOf(
      enrich({ date: time, update_ts: time, statuses: [{ status: 'OPEN', dttm: time }] }),
    );
    expect([payload.date, payload.update_ts, payload.statuses[0]!.dttm]).toEqual(
      Array.from({ length: 3 }, () => '2023-08-05 06:28:54.5'),
    );
  });

  it('takes the final status at update_ts for the history of an order without one', () => {
    const { payload } = stagedOf(
      enrich({ statuses: [], final_status: 'OPEN', update_ts: '2023-08-05 07:00:00' }),
    );
    expect(payload.statuses).toEqual([{ status: 'OPEN', dttm: '2023-08-05 07:00:00' }]);
  });

  it('keeps the lines of the order, one product on two of them', () => {
    const line = (price: number) => ({ id: STEW, name: `за ${price}`, price, quantity: 1 });
    const { payload } = stagedOf(enrich({ order_items: [line(5), line(3)] }));
    expect(
      payload.products.map(({ id, price, ordered_name, name }) => [id, price, ordered_name, name]),
    ).toEqual([
      [STEW, 5, 'за 5', 'Аджапсандал'],
      [STEW, 3, 'за 3', 'Аджапсандал'],
    ]);
    expect(stagedOf(enrich({ order_items: [] })).payload.products).toEqual([]);
  });

  it('takes a product that left the menu from the earlier menu, and records which', () => {
    const enrichment = enrich(
      {},
      {
        menu: { [STEW]: { name: 'Аджапсандал', category: 'Горячее' } },
        earlier: {
          [STEW]: {
            entryPk: 'unused',
            validFrom: '2023-07-01 00:00:00',
            entry: { name: '-', category: '-' },
          },
          [DUMPLINGS]: {
            entryPk: 'earlier-menu',
            validFrom: '2023-07-02 00:00:00',
            entry: { name: 'Хинкали', category: 'Тесто' },
          },
        },
      },
    );
    expect(enrichment).toMatchObject({ used: { earlierMenus: { [DUMPLINGS]: 'earlier-menu' } } });
    expect(stagedOf(enrichment).payload.products).toMatchObject([
      { name: 'Аджапсандал', category: 'Горячее', valid_from: '2023-08-02 00:00:00.5' },
      { name: 'Хинкали', category: 'Тесто', valid_from: '2023-07-02 00:00:00' },
    ]);
  });

  it.each([
    ['the user', { user: false as const }, [{ kind: 'user', id: USER }]],
    ['the restaurant', { restaurant: false as const }, [{ kind: 'restaurant', id: RESTAURANT }]],
    [
      'user and restaurant',
      { user: false as const, restaurant: false as const },
      [
        { kind: 'user', id: USER },
        { kind: 'restaurant', id: RESTAURANT },
      ],
    ],
    [
      'a product',
      { menu: { [STEW]: { name: 'Аджапсандал', category: 'Горячее' } } },
      [{ kind: 'dish', id: DUMPLINGS, restaurant_id: RESTAURANT }],
    ],
    [
      'the user and all products',
      { user: false as const, menu: {} },
      [
        { kind: 'user', id: USER },
        { kind: 'dish', id: STEW, restaurant_id: RESTAURANT },
        { kind: 'dish', id: DUMPLINGS, restaurant_id: RESTAURANT },
      ],
    ],
  ])('makes nothing up where %s is missing', (_, known, missing) => {
    expect(enrich({}, known)).toEqual({ kind: 'incomplete', missing });
  });

  it('names a missing product once, on however many lines it is', () => {
    const line = { id: STEW, name: 'x', price: 1, quantity: 1 };
    expect(enrich({ order_items: [line, line] }, { menu: {} })).toEqual({
      kind: 'incomplete',
      missing: [{ kind: 'dish', id: STEW, restaurant_id: RESTAURANT }],
    });
  });

  it.each([['__proto__'], ['constructor'], ['toString']])(
    'takes the id %s for an id like any other',
    (id) => {
      const order_items = [{ id, name: 'x', price: 1, quantity: 1 }];
      expect(enrich({ order_items })).toEqual({
        kind: 'incomplete',
        missing: [{ kind: 'dish', id, restaurant_id: RESTAURANT }],
      });
    },
  );

  it('needs no more than a moment for an order of 100,000 dishes that no menu has', () => {
    const [item] = sourceOrder().payload.order_items;
    const items = Array.from({ length: 100_000 }, (_, place) => ({ ...item!, id: `u${place % 50_000}` }));
    const begun = performance.now();
    const enrichment = enrich({ order_items: items });
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(enrichment.kind === 'incomplete' && enrichment.missing.length).toBe(50_000);
  });
});
