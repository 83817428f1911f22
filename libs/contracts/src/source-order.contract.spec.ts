import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { MessageRefused } from './dead-letter.contract';
import { excerpt } from '@app/values/json-text';
import { SourceOrder } from './source-order.contract';
import { sourceOrder, sourceOrderWith } from './source-order-example';
import { validated } from './validate';

const number = (text: string) => new LosslessNumber(text);

const key = {
  must: 'a text that is not empty',
  good: ['x', ' ', '626a81ce9a8cd1920641e296'],
  bad: ['', 7, true, [], {}],
};
const text = { must: 'a text', good: ['', 'x'], bad: [7, false, [], {}] };
const time = {
  must: 'a time of the form YYYY-MM-DD HH:MM:SS',
  good: ['2023-08-05 06:28:54', '2023-08-05T06:28:54.123456', '2024-02-29 00:00:00'],
  bad: ['', '2023-08-05', '2023-02-29 00:00:00', '2023-08-05 06:28:54Z', 1691216934, []],
};
const money = {
  must: 'an amount, not negative, below 10^14 and with at most 5 decimals',
  good: [0, -0, 1.1, 0.00001, number('1.100000'), number('99999999999999.99999'), number('1e3')],
  bad: [
    -1,
    -0.00001,
    1.000001,
    number('1.000001'),
    number('100000000000000'),
    number('1e400'),
    '1',
    true,
    [],
    {},
  ],
};
const quantity = {
  must: 'a whole number from 1',
  good: [1, 7, number('1.0'), number('1e2'), number('9223372036854775807')],
  bad: [0, -2, 1.5, number('0.1e0'), number('9223372036854775808'), '1', true, []],
};
const orderId = {
  must: 'a whole number of at most 64 bits, not negative',
  good: [0, 11_000_001, number('9223372036854775807'), number('2301365.0')],
  bad: [-1, 0.5, number('9223372036854775808'), number('1e30'), '2301365', []],
};
const status = {
  must: 'one of OPEN, COOKING, DELIVERING, CLOSED, CANCELLED',
  good: ['OPEN', 'COOKING', 'DELIVERING', 'CLOSED', 'CANCELLED'],
  bad: ['', 'closed', 'CLOSED ', 'LOST', 1, ['CLOSED']],
};
const object = { must: 'an object', good: [], bad: ['x', 5, number('1e3'), false, [], [{}], [[]]] };
const list = { must: 'a list', good: [[]], bad: ['x', 5, false, {}, { 0: {} }, { id: 'x' }] };

/** Every field of the shape. */
const fields: [path: string, rule: { must: string; good: unknown[]; bad: unknown[] }][] = [
  ['object_id', orderId],
  ['object_type', { must: '"order"', good: ['order'], bad: ['', 'Order', 'user', 1, ['order']] }],
  ['sent_dttm', time],
  ['payload', object],
  ['payload.restaurant', object],
  ['payload.restaurant.id', key],
  ['payload.date', time],
  ['payload.user', object],
  ['payload.user.id', key],
  ['payload.order_items', list],
  ['payload.order_items[1].id', key],
  ['payload.order_items[1].name', text],
  ['payload.order_items[1].price', money],
  ['payload.order_items[1].quantity', quantity],
  ['payload.bonus_payment', money],
  ['payload.cost', money],
  ['payload.payment', money],
  ['payload.bonus_grant', money],
  ['payload.statuses', list],
  ['payload.statuses[0].status', status],
  ['payload.statuses[0].dttm', time],
  ['payload.final_status', status],
  ['payload.update_ts', time],
];

function refusalOf(message: unknown): string | undefined {
  try {
    validated(SourceOrder, message);
  } catch (error) {
    if (error instanceof MessageRefused && error.reason === 'invalid_message') {
      return error.message;
    }
    throw error;
  }
  return undefined;
}

describe('SourceOrder', () => {
  it('takes the real shape, whatever else is in it', () => {
    const order = sourceOrder();
    const extended = { ...order, version: 2, payload: { ...order.payload, courier: { id: null } } };
    expect(validated(SourceOrder, extended)).toBe(extended);
  });

  it.each(fields)('says that %s is missing', (path) => {
    expect(refusalOf(sourceOrderWith(path, undefined))).toBe(`${path} is missing`);
  });

  it.each(fields)('refuses null as %s', (path, { must }) => {
    expect(refusalOf(sourceOrderWith(path, null))).toBe(`${path} must be ${must}, got null`);
  });

  it.each(fields.flatMap(([path, { must, bad }]) => bad.map((value) => [excerpt(value), path, must, value])))(
    'refuses %s as %s, which must be %s',
    (shown, path, must, value) => {
      expect(refusalOf(sourceOrderWith(path as string, value))).toBe(`${path} must be ${must}, got ${shown}`);
    },
  );

  it.each(fields.flatMap(([path, { good }]) => good.map((value) => [excerpt(value), path, value])))(
    'takes %s as %s',
    (_, path, value) => {
      expect(refusalOf(sourceOrderWith(path as string, value))).toBeUndefined();
    },
  );

  it.each(
    ['payload.order_items[1]', 'payload.statuses[0]'].flatMap((path) =>
      [null, 'x', 5, [], [{}]].map((value) => [excerpt(value), path, value] as const),
    ),
  )('refuses %s as %s', (shown, path, value) => {
    expect(refusalOf(sourceOrderWith(path, value))).toBe(`${path} must be an object, got ${shown}`);
  });

  it('takes no member from a prototype', () => {
    const message = JSON.parse(`{"__proto__":${JSON.stringify(sourceOrder())}}`) as unknown;
    expect(refusalOf(message)).toMatch(/^\w+ is missing$/);
    expect(
      refusalOf(sourceOrderWith('payload', JSON.parse('{"__proto__":{"date":"2023-08-05 06:28:54"}}'))),
    ).toMatch(/^payload\.\w+ is missing$/);
  });

  it.each(['__proto__', 'constructor'])('names the field that is wrong, also beside a member %s', (name) => {
    const payload = JSON.stringify({ ...sourceOrder().payload, cost: 'much' });
    const odd = JSON.parse(payload.replace('{', `{"${name}":{},`)) as unknown;
    expect(refusalOf(sourceOrderWith('payload', odd))).toBe(`payload.cost must be ${money.must}, got "much"`);
  });

  it.each([[null], [[]], ['x'], [5]])('refuses the message %j', (message) => {
    expect(refusalOf(message)).toBe(`the message must be an object, got ${JSON.stringify(message)}`);
  });

  it('shows no more than the beginning of a long value', () => {
    expect(refusalOf(sourceOrderWith('payload.final_status', 'x'.repeat(100_000)))!.length).toBeLessThan(200);
  });
});
