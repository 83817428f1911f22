import { expect, it } from 'vitest';
import { orderIdOf } from './order-id-of';

it.each([
  ['a message', '{"object_id":2301365,"object_type":"order"}', '2301365'],
  ['one with blanks, and the id last', '{"payload":null,"object_id" : 7 }', '7'],
  ['the largest id', '{"object_id":9223372036854775807}', '9223372036854775807'],
  ['half a message', '{"object_id":7,"object_type":"or', '7'],
  ['a message that is not UTF-8', Buffer.from('ff7b226f626a6563745f6964223a372c', 'hex'), '7'],
  ['an id that is a text', '{"object_id":"Anna"}', undefined],
  ['an id with a fraction', '{"object_id":7.5}', undefined],
  ['a text that quotes an id', JSON.stringify({ name: '"object_id":7,' }), undefined],
  ['zero bytes', '', undefined],
])('finds the id of the order, and no more than that, in %s', (_, value, id) => {
  expect(orderIdOf(Buffer.from(value))).toBe(id);
});

it('finds nothing in no value', () => {
  expect(orderIdOf(null)).toBeUndefined();
});
