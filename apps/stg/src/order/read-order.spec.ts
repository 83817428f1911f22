import { describe, expect, it } from 'vitest';
import { sourceOrder, sourceOrderWith } from '@app/contracts/source-order-example';
import type { KafkaRecord } from '@app/batches/outcome';
import { orderVersion } from './order-version';
import { readOrder } from './read-order';

function recordOf(value: Buffer | string | null): KafkaRecord {
  return {
    topic: 'order-service_orders',
    partition: 0,
    offset: '7',
    timestamp: '0',
    key: null,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    headers: [],
  };
}

const readJson = (message: unknown) => readOrder(recordOf(JSON.stringify(message)));

describe('readOrder', () => {
  it('reads an order, and keeps its message byte for byte', () => {
    const text = `${JSON.stringify(sourceOrder(), null, 2).replace('"cost": 2012.5', '"cost": 2012.50000, "tip": 1e2')}\n`;
    const record = recordOf(text);
    expect(readOrder(record)).toMatchObject({
      kind: 'order',
      order: { object_id: 2301365, payload: { cost: 2012.5, user: { id: '626a81ce9a8cd1920641e296' } } },
      received: {
        kind: 'order',
        record,
        orderId: '2301365',
        version: orderVersion('2023-08-05 06:28:54', '2023-08-12 06:07:15', Buffer.from(text)),
        userId: '626a81ce9a8cd1920641e296',
        sentDttm: '2023-08-12 06:07:15',
      },
    });
  });

  it('gives one order one id, whichever way its number is written', () => {
    const ids = ['9007199254740993', '9007199254740993.0', '9007199254740993e0', '90071992547409930e-1'].map(
      (number) =>
        readOrder(
          recordOf(JSON.stringify(sourceOrder()).replace('"object_id":2301365', `"object_id":${number}`)),
        ),
    );
    expect(ids.map((read) => read.kind === 'order' && read.received.orderId)).toEqual(
      ids.map(() => '9007199254740993'),
    );
  });

  it.each([
    ['of another type', { object_type: 'user', payload: {} }, 'user'],
    ['of a type in other letters', { ...sourceOrder(), object_type: 'Order' }, 'Order'],
    ['of an empty type', { object_type: '' }, ''],
    ['without a type', sourceOrderWith('object_type', undefined), null],
    ['with null for a type', sourceOrderWith('object_type', null), null],
    ['without a payload', sourceOrderWith('payload', undefined), 'order'],
    ['with null for a payload', sourceOrderWith('payload', null), 'order'],
    ['of another type with a malformed payload', { object_type: 'user', payload: [-1] }, 'user'],
    ['of no members', {}, null],
    ['of members of Object.prototype alone', { constructor: 1, toString: 2 }, null],
  ])('skips a message %s', (_, message, objectType) => {
    expect(readJson(message)).toMatchObject({ kind: 'skipped', objectType, record: { offset: '7' } });
  });

  it('skips a message that has type and payload under __proto__ only, also beside a long number', () => {
    for (const number of ['1', '12345678901234567890']) {
      const text = `{"__proto__":${JSON.stringify(sourceOrder())},"n":${number}}`;
      expect(readOrder(recordOf(text))).toMatchObject({ kind: 'skipped', objectType: null });
    }
  });

  it.each([[1], [true], [[]], [{}], [['order']]])('refuses %j as object_type', (type) => {
    expect(readJson(sourceOrderWith('object_type', type))).toEqual({
      kind: 'refused',
      reason: 'invalid_message',
      message: `object_type must be a text, got ${JSON.stringify(type)}`,
    });
  });

  it.each([[[]], [[[]]], [[{}]], ['x'], [5], [false]])('refuses %j as payload', (payload) => {
    expect(readJson(sourceOrderWith('payload', payload))).toEqual({
      kind: 'refused',
      reason: 'invalid_message',
      message: `payload must be an object, got ${JSON.stringify(payload)}`,
    });
  });

  it.each([
    ['payload.user'],
    ['payload.restaurant'],
    ['payload.order_items'],
    ['payload.statuses'],
    ['payload.order_items[0].id'],
    ['payload.update_ts'],
    ['sent_dttm'],
  ])('refuses an order without %s', (path) => {
    expect(readJson(sourceOrderWith(path, undefined))).toEqual({
      kind: 'refused',
      reason: 'invalid_message',
      message: `${path} is missing`,
    });
  });

  it.each([
    [null, 'empty'],
    ['', 'empty'],
    [Buffer.from([0xff]), 'not_utf8'],
    ['{', 'invalid_json'],
    ['null', 'invalid_json'],
    [`[${JSON.stringify(sourceOrder())}]`, 'invalid_json'],
    [String.raw`{"object_type":"user","payload":"\u0000"}`, 'invalid_text'],
    [String.raw`{"object_type":"user","payload":"\ud800"}`, 'invalid_text'],
  ])('refuses the value %j, of an order or not', (value, reason) => {
    expect(readOrder(recordOf(value))).toMatchObject({ kind: 'refused', reason });
  });
});
