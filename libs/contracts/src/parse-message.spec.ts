import { constants } from 'node:buffer';
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { decimalText } from '@app/values/exact-number';
import { encodeJson } from '@app/values/json-text';
import { MessageRefused, type DeadLetterReason } from './dead-letter.contract';
import { parseJson, parseMessage } from './parse-message';

/** A number that makes the text be read the exact way, whatever else is in it. */
const LONG = '12345678901234567890.5';

const refused: [what: string, value: Buffer | string | null, reason: DeadLetterReason][] = [
  ['no value', null, 'empty'],
  ['zero bytes', '', 'empty'],
  ['a broken UTF-8 sequence', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), 'not_utf8'],
  ['a surrogate as bytes', Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22]), 'not_utf8'],
  ['UTF-16', Buffer.from('\ufeff{"a":"é"}', 'utf16le'), 'not_utf8'],
  ['half of a character', Buffer.from('{"a":"é').subarray(0, 7), 'not_utf8'],
  ['a byte order mark', '\ufeff{}', 'invalid_json'],
  ['white space alone', ' \n', 'invalid_json'],
  ['a text that is cut off', '{"a":', 'invalid_json'],
  ['two values', '{} {}', 'invalid_json'],
  ['a trailing comma', '{"a":1,}', 'invalid_json'],
  ['NaN', '{"a":NaN}', 'invalid_json'],
  ['a leading zero', '{"a":01}', 'invalid_json'],
  ['a raw NUL character', '{"a":"\0"}', 'invalid_json'],
  ['a raw line break in a text', '{"a":"\n"}', 'invalid_json'],
  ['null', 'null', 'invalid_json'],
  ['a list', '[{}]', 'invalid_json'],
  ['a text', '"{}"', 'invalid_json'],
  ['a number', '12345678901234567890', 'invalid_json'],
  ['millions of numbers', `{"a":[${'1e1,'.repeat(3_000_000)}1]}`, 'message_too_large'],
  ['millions of objects', `{"a":[${'{},'.repeat(4_000_000)}{}]}`, 'message_too_large'],
  ['a long text that does not end', `{"a":"${'b'.repeat(2_000_000)}`, 'invalid_json'],
];

const unstorable: [what: string, text: string][] = [
  ['a NUL in a value', String.raw`{"a":"x\u0000y"}`],
  ['a NUL in the name of a member', String.raw`{"a\u0000":1}`],
  ['a NUL in a member that a later one replaces', String.raw`{"a":"\u0000","a":"x"}`],
  ['a NUL deep inside', String.raw`{"a":[{"b":["\u0000"]}]}`],
  ['a NUL behind an escaped backslash', String.raw`{"a":"\\\u0000"}`],
  ['a NUL beside a long number', String.raw`{"a":"\u0000","n":${LONG}}`],
  ['a high surrogate alone', String.raw`{"a":"\ud83d"}`],
  ['a low surrogate alone', String.raw`{"a":"\ude00"}`],
  ['surrogates in the wrong order', String.raw`{"a":"\uDE00\uD83D"}`],
  ['a high surrogate before a pair', String.raw`{"a":"\ud83d\ud83d\ude00"}`],
  ['a low surrogate behind a pair', String.raw`{"a":"\ud83d\ude00\ude00"}`],
  ['a high surrogate before a line break', String.raw`{"a":"\ud83d\n\ude00"}`],
  ['a high surrogate before a raw emoji', String.raw`{"a":"\ud83d😀"}`],
  ['a surrogate behind an escaped backslash', String.raw`{"a":"\\\ud83d"}`],
  ['a surrogate in the name of a member', String.raw`{"\ud83d":1}`],
];

const storable: [what: string, text: string, value: unknown][] = [
  ['an escaped backslash before u0000', String.raw`{"a":"\\u0000"}`, { a: String.raw`\u0000` }],
  ['an escaped backslash before ud83d', String.raw`{"a":"\\ud83d"}`, { a: String.raw`\ud83d` }],
  ['an escaped pair of surrogates', String.raw`{"a":"\ud83d\ude00 \uD83D\uDE00"}`, { a: '😀 😀' }],
  ['a raw emoji', '{"😀":"👩‍🍳"}', { '😀': '👩‍🍳' }],
  ['other control characters', String.raw`{"a":"\u0001\u001f\t"}`, { a: '\u0001\u001f\t' }],
  ['U+FEFF in a text', '{"a":"\ufeff"}', { a: '\ufeff' }],
  ['the last private and non-characters', '{"a":"\uffff\u{10ffff}"}', { a: '\uffff\u{10ffff}' }],
];

function reasonOf(read: () => unknown): DeadLetterReason | undefined {
  try {
    read();
  } catch (error) {
    if (!(error instanceof MessageRefused)) {
      throw error;
    }
    return error.reason;
  }
  return undefined;
}

/** Exact numbers as what they stand for, so that two ways to write one value are equal. */
function normal(value: unknown): unknown {
  if (typeof value === 'number' || value instanceof LosslessNumber) {
    return { number: decimalText(value) ?? Number(value.valueOf()) };
  }
  if (Array.isArray(value)) {
    return value.map(normal);
  }
  return typeof value === 'object' && value !== null
    ? { members: Object.entries(value).map(([name, member]) => [name, normal(member)]) }
    : value;
}

describe('parseMessage', () => {
  it.each(refused)('refuses %s', (_, value, reason) => {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    expect(reasonOf(() => parseMessage(bytes))).toBe(reason);
  });

  it.each(unstorable)('refuses %s', (_, text) => {
    expect(reasonOf(() => parseMessage(Buffer.from(text)))).toBe('invalid_text');
  });

  it.each(storable)('reads %s', (_, text, value) => {
    expect(parseMessage(Buffer.from(text))).toEqual(value);
  });

  it('reads 500 levels of nesting and refuses 501', () => {
    const nested = (levels: number) =>
      Buffer.from(`${'{"a":['.repeat(levels / 2)}${levels % 2 ? '{}' : ''}${']}'.repeat(levels / 2)}`);
    expect(reasonOf(() => parseMessage(nested(500)))).toBeUndefined();
    expect(reasonOf(() => parseMessage(nested(501)))).toBe('invalid_json');
    expect(reasonOf(() => parseMessage(nested(100_000)))).toBe('invalid_json');
  });

  it('counts no brackets inside texts and none that are closed', () => {
    const brackets = `${'['.repeat(600)}\\"${'{'.repeat(600)}\\\\`;
    const siblings = Array.from({ length: 600 }, () => '[{}]').join();
    const text = `{"${brackets}":"${brackets}","b":[${siblings}]}`;
    expect(reasonOf(() => parseMessage(Buffer.from(text)))).toBeUndefined();
  });

  it('reads a text of 16 MiB, and refuses what no text can hold', () => {
    const text = `{"a":"${'x'.repeat(16 * 1024 * 1024)}"}`;
    expect(reasonOf(() => parseMessage(Buffer.from(text)))).toBeUndefined();
    const long = Buffer.alloc(constants.MAX_STRING_LENGTH + 1);
    expect(reasonOf(() => parseMessage(long))).toBe('message_too_large');
  });
});

describe('parseJson', () => {
  it('reads what JSON.parse reads, also the exact way', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
        fc.pre(!/\\u(0000|[dD][89a-fA-F])/.test(text));
        const value = normal(JSON.parse(text));
        expect(normal(parseJson(text))).toEqual(value);
        expect(normal((parseJson(`{"v":${text},"n":${LONG}}`) as { v: unknown }).v)).toEqual(value);
      }),
    );
  });

  it('lets the last of members of one name count, also the exact way', () => {
    const member = fc.tuple(
      fc.constantFrom('"a"', '"b"', '"__proto__"', '"constructor"'),
      fc.constantFrom('1', '"x"', 'null', '[]', '{}', '[1]', '{"0":1}', '{"a":[]}', '0', 'false'),
    );
    fc.assert(
      fc.property(fc.array(member), (members) => {
        const text = members.map(([name, value]) => `${name}:${value}`);
        const value = normal(JSON.parse(`{${text.join()}}`));
        expect(normal(parseJson(`{${text.join()}}`))).toEqual(value);
        const exact = parseJson(`{${[...text, `"n":${LONG}`].join()}}`) as Record<string, unknown>;
        delete exact.n;
        expect(normal(exact)).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a member named __proto__ for a member, also the exact way', () => {
    for (const number of ['1', LONG]) {
      const object = parseJson(`{"__proto__":{"object_type":"order"},"n":${number}}`);
      expect(Object.keys(object as object)).toEqual(['__proto__', 'n']);
      expect((object as { object_type?: unknown }).object_type).toBeUndefined();
    }
  });

  it.each([
    ['1e3'],
    ['1E-5'],
    ['0.1'],
    ['1.500000'],
    ['-0'],
    ['123456789012345'],
    ['1234567890123456'],
    ['9223372036854775807'],
    ['12345678901234.56789'],
    ['0.00000000000000000001'],
    ['1e400'],
  ])('keeps every digit of %s until it is written again', (number) => {
    for (const text of [`{"a":${number}}`, `[1,${number}]`, `{"a": \n\t${number} }`]) {
      const [written = ''] = /[-+.\deE]+(?=[\]}])/.exec(encodeJson(parseJson(text))) ?? [];
      expect(decimalText(new LosslessNumber(written))).toBe(decimalText(new LosslessNumber(number)));
    }
  });

  it('keeps every digit of a number that is the whole text', () => {
    expect(encodeJson(parseJson(LONG))).toBe(LONG);
  });

  it('keeps every digit of any decimal until it is written again', () => {
    const decimal = fc
      .tuple(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: -9, max: 9 }),
      )
      .chain(([whole, fraction, exponent]) =>
        fc.constantFrom(
          `${whole}`,
          `${whole}.${fraction}`,
          `${whole}e${exponent}`,
          `${whole}.${fraction}E${exponent}`,
        ),
      );
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1 }), (numbers) => {
        const written = encodeJson(parseJson(`[${numbers.join(' , ')}]`));
        const texts = (list: string[]) => list.map((number) => decimalText(new LosslessNumber(number)));
        expect(texts(written.slice(1, -1).split(','))).toEqual(texts(numbers));
      }),
      { numRuns: 500 },
    );
  });

  it('reads what encodeJson writes as the same value', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, exact) => {
        fc.pre(!/\\u(0000|[dD][89a-fA-F])/.test(text));
        const value = parseJson(exact ? `[${text},${LONG}]` : text);
        expect(normal(parseJson(encodeJson(value)))).toEqual(normal(value));
      }),
    );
  });
});
