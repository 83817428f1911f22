import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { encodeJson, excerpt } from './json-text';

/** More digits than a binary float keeps. */
const LONG = '12345678901234567890.5';

describe('encodeJson', () => {
  it('writes a text about exact numbers as the text it is', () => {
    const value = { a: '"isLosslessNumber":true', n: new LosslessNumber(LONG) };
    expect(encodeJson(value)).toBe(String.raw`{"a":"\"isLosslessNumber\":true","n":${LONG}}`);
  });
});

describe('excerpt', () => {
  it.each([
    [null, 'null'],
    ['x', '"x"'],
    [new LosslessNumber(LONG), LONG],
    [{ a: [1, null] }, '{"a":[1,null]}'],
    [undefined, 'nothing'],
  ])('shows %o as %s', (value, text) => {
    expect(excerpt(value)).toBe(text);
  });

  it('shows the first 100 characters of a long value, and no half of a character', () => {
    const text = excerpt(`${'x'.repeat(98)}😀😀`);
    expect(text).toBe(`"${'x'.repeat(98)}\ufffd…`);
    expect(excerpt('x'.repeat(98))).toBe(`"${'x'.repeat(98)}"`);
  });
});
