import { expect, it } from 'vitest';
import { refusalInRussian } from './russian-refusals';

it.each([
  ['is missing', 'Заполните это поле.'],
  [
    'must be an amount above 0 to 1000000000 with at most 5 decimals, got 1.1234567',
    'Нужна сумма больше 0 и не больше 1000000000, не больше 5 знаков после запятой, а здесь 1.1234567.',
  ],
  [
    'must be a whole number from 1 to 36500, got "a, got b"',
    'Нужно целое число от 1 до 36500, а здесь "a, got b".',
  ],
  ['must have at most 20 conditions, got 21', 'Условий может быть не больше 20, а здесь 21.'],
  ['cannot be used: localhost is not a public address', 'Адрес не подходит: localhost не в открытой сети.'],
  ['something new, got 5', 'something new, got 5'],
])('says %s', (message, russian) => {
  expect(refusalInRussian(message)).toBe(russian);
});
