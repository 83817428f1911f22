import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '@app/values/json-text';
import { parseMessage } from '@app/contracts/parse-message';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { rollLine, stagedOrder } from '@app/contracts/staged-order-example';
import { validated } from '@app/contracts/validate';
import { VaultOrder } from '@app/contracts/vault-order.contract';
import { orderKeys } from './order-keys';
import { vaultOrder } from './vault-order';

const ROLL = '449de611-75a5-50ac-a4fd-ede0b48233cb';
const BAKERY = '9f1226fe-16d2-58d6-a907-72ceccfdcaf5';

const sent = (staged: StagedOrder) => vaultOrder(staged, orderKeys(staged));

describe('vaultOrder', () => {
  it('names everything by hash key, and counts a product on two lines once', () => {
    expect(sent(stagedOrder())).toEqual({
      object_id: 322519,
      object_type: 'order',
      sent_dttm: '2022-11-19 16:06:40.25',
      payload: {
        order_id: 'da2de06d-0eeb-5bcd-907d-6c395bd901a4',
        order_version: stagedOrder().payload.order_version,
        status: 'CLOSED',
        date: '2022-11-19 16:06:36',
        cost: 540,
        payment: 540,
        user_id: 'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b',
        source_user_id: '626a81ce9a8cd1920641e296',
        restaurant: {
          id: 'd0e148b5-b1bc-5201-83fb-dd323216b78e',
          name: 'Кофейня №1',
          valid_from: '2022-11-01 00:00:00',
        },
        categories: { [BAKERY]: { category_name: 'Выпечка', order_cnt: 1 } },
        products: {
          [ROLL]: {
            product_name: 'РОЛЛ С ТОФУ И ВЯЛЕНЫМИ ТОМАТАМИ',
            order_cnt: 1,
            valid_from: '2022-11-01 00:00:00',
            category_id: BAKERY,
            lines: [
              { price: 180, quantity: 1 },
              { price: 90, quantity: 4 },
            ],
          },
        },
      },
    });
  });

  it('counts a category once, however many products are in it', () => {
    const lines = [rollLine(), rollLine({ id: 'b' }), rollLine({ id: 'c', category: 'Супы' }), rollLine()];
    const { categories, products } = sent(stagedOrder({ products: lines })).payload;
    expect(
      Object.values(categories).map(({ category_name, order_cnt }) => [category_name, order_cnt]),
    ).toEqual([
      ['Выпечка', 1],
      ['Супы', 1],
    ]);
    expect(Object.values(products).map(({ lines: { length } }) => length)).toEqual([2, 1, 1]);
  });

  it.each([
    ['with a product on two lines', {}],
    ['without lines', { products: [] }],
    ['that is no longer valid', { status: 'CANCELLED' as const }],
    ['with amounts of many digits', { cost: new LosslessNumber('12345678901234.56789') }],
  ])('sends an order %s as the contract of vault orders takes it, with every digit', (_, changes) => {
    const order = sent(stagedOrder(changes));
    const { payload } = validated(VaultOrder, parseMessage(Buffer.from(encodeJson(order))));
    expect({ ...payload, categories: Object.fromEntries(payload.categories), products: undefined }).toEqual({
      ...order.payload,
      products: undefined,
    });
    expect(Object.fromEntries(payload.products)).toEqual(order.payload.products);
  });
});
