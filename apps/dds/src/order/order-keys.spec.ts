import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { rollLine, stagedOrder } from '@app/contracts/staged-order-example';
import { uuidText } from '@app/data-vault/hash-key';
import type { HubKey } from './hub-key';
import { orderKeys } from './order-keys';

describe('orderKeys', () => {
  it('gives the hash keys of all hubs of an order, each product and category once', () => {
    const { orderId, order, user, restaurant, products, orderProducts, categories } =
      orderKeys(stagedOrder());
    const texts = (keys: Map<string, HubKey>) => Array.from(keys, ([name, { text }]) => [name, text]);
    expect(orderId).toBe('322519');
    expect([order.text, user.text, restaurant.text]).toEqual([
      'da2de06d-0eeb-5bcd-907d-6c395bd901a4',
      'afbd021d-0c6a-55e9-b8a3-54e4eb4c742b',
      'd0e148b5-b1bc-5201-83fb-dd323216b78e',
    ]);
    expect(texts(products)).toEqual([['6276e8cd0cf48b4cded00878', '449de611-75a5-50ac-a4fd-ede0b48233cb']]);
    expect(texts(categories)).toEqual([['Выпечка', '9f1226fe-16d2-58d6-a907-72ceccfdcaf5']]);
    expect(Array.from(orderProducts, ([id, link]) => [id, uuidText(link)])).toEqual([
      ['6276e8cd0cf48b4cded00878', '282838ed-4f2e-53de-884d-2de5377d78ac'],
    ]);
    expect(uuidText(order.digest)).toBe(order.text);
  });

  it.each([['9223372036854775807'], ['9223372036854775807.0'], ['92233720368547758070e-1']])(
    'gives the order %s the key of its value',
    (number) => {
      const keys = orderKeys({ ...stagedOrder(), object_id: new LosslessNumber(number) });
      expect(keys.orderId).toBe('9223372036854775807');
      expect(keys.order.text).toBe('a7c89a44-066f-5c65-a701-ebfe38903415');
    },
  );

  it('distinguishes what differs in a single byte', () => {
    const names = ['Выпечка', 'выпечка', ' Выпечка', 'Выпечка ', 'e\u0301', '\u00e9'];
    const { categories } = orderKeys(
      stagedOrder({ products: names.map((category) => rollLine({ category })) }),
    );
    expect(new Set(Array.from(categories.values(), ({ text }) => text)).size).toBe(names.length);
  });

  it('knows an order without lines', () => {
    const { products, categories } = orderKeys(stagedOrder({ products: [] }));
    expect([products.size, categories.size]).toEqual([0, 0]);
  });
});
