import { expect, it } from 'vitest';
import { isBigint } from './bigint';

it.each([
  ['0', true],
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['10000000000000000000', false],
  ['-1', false],
  ['1.5', false],
  [' 1', false],
  ['', false],
  [1, false],
  [undefined, false],
])('says of %j whether PostgreSQL has it as a bigint: %s', (value, is) => {
  expect(isBigint(value)).toBe(is);
});
