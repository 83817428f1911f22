import { expect, it } from 'vitest';
import { bearerToken, isSame } from './token.guard';

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

it('takes the token, and no other of whatever length', () => {
  expect(isSame('secret', 'secret')).toBe(true);
  for (const other of ['secreT', 'secret ', 'secre', 'secrets', '']) {
    expect(isSame(other, 'secret')).toBe(false);
  }
});

it('takes a token beyond ASCII as clients send it, byte for byte', () => {
  expect(isSame(Buffer.from('секрет', 'utf8').toString('latin1'), 'секрет')).toBe(true);
});
