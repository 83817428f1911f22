import { expect, it } from 'vitest';
import { hashKey } from '@app/data-vault/hash-key';
import { orderFilter } from './order-filter';

it('is empty where nothing is asked for', () => {
  expect(orderFilter({})).toEqual({
    isEmpty: true,
    hasWholeDays: true,
    order: 'true',
    line: 'true',
    sales: 'true',
    values: [],
  });
});

it('names what is asked for by hash keys, and numbers the values', () => {
  const filter = orderFilter({
    restaurant_id: 'r1',
    category: 'Супы',
    from: '2024-01-01',
    to: '2024-01-02 12:00:00',
  });
  expect(filter).toEqual({
    isEmpty: false,
    hasWholeDays: false,
    order:
      'restaurant_id = $1::uuid AND $2::uuid = ANY (category_ids) AND order_dt >= $3::timestamp AND order_dt < $4::timestamp',
    line: 'category_id = $2::uuid',
    sales: 'restaurant_id = $1::uuid AND day >= $3::timestamp AND day < $4::timestamp',
    values: [
      hashKey('h_restaurant', 'r1'),
      hashKey('h_category', 'Супы'),
      '2024-01-01',
      '2024-01-02 12:00:00',
    ],
  });
});

it('takes what has the form of a hash key for one', () => {
  const key = hashKey('h_restaurant', 'r1');
  expect(orderFilter({ restaurant_id: key.toUpperCase() }).values).toEqual([key]);
});

it.each([
  ['2024-01-01', '2024-02-01', true],
  ['2024-01-01 00:00:00', '2024-02-01T00:00:00.000', true],
  ['2024-01-01 00:00:01', '2024-02-01', false],
  ['2024-01-01', '2024-02-01 00:00:00.5', false],
])('from %s to %s are whole days: %s', (from, to, hasWholeDays) => {
  expect(orderFilter({ from, to }).hasWholeDays).toBe(hasWholeDays);
});
