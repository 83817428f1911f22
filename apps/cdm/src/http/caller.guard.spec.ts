import { expect, it } from 'vitest';
import { bearerToken } from './caller.guard';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer  a b', 'a b'],
  ['Basic abc', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['', undefined],
  [undefined, undefined],
])('the token of %j is %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});
