import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { decimalText } from './exact-number';

const texts: [written: string, decimal: string | undefined][] = [
  ['0', '0'],
  ['-0', '0'],
  ['-0.00', '0'],
  ['0e999', '0'],
  ['0e999999', undefined],
  ['0e-20000', undefined],
  [`1.${'0'.repeat(900)}`, '1'],
  [`1.${'0'.repeat(17_000)}`, undefined],
  ['0.1', '0.1'],
  ['-0.5', '-0.5'],
  ['1e3', '1000'],
  ['1E+3', '1000'],
  ['1E-5', '0.00001'],
  ['12.5e-3', '0.0125'],
  ['0.00125e3', '1.25'],
  ['1.500000', '1.5'],
  ['100', '100'],
  ['12345678901234.56789', '12345678901234.56789'],
  ['9223372036854775807', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['1e39', `1${'0'.repeat(39)}`],
  ['1e40', undefined],
  ['1e400', undefined],
  ['1e-400', undefined],
  ['1e99999999999999999999', undefined],
];

/** A whole number and a power of ten, written in several ways. */
const decimal = fc.record({
  digits: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  exponent: fc.integer({ min: -20, max: 20 }),
});

function spellings(digits: bigint, exponent: number): string[] {
  return [
    `${digits}e${exponent}`,
    `${digits}E${exponent < 0 ? '' : '+'}${exponent}`,
    `${digits * 1000n}e${exponent - 3}`,
    `${digits}.00e${exponent}`,
    `${digits < 0n ? '-' : ''}0.${String(digits).replace('-', '').padStart(30, '0')}e${exponent + 30}`,
  ];
}

/** The value of a plain decimal in units of 10^-60. */
function scaled(plain: string): bigint {
  const [whole = '', fraction = ''] = plain.split('.');
  return BigInt(whole + fraction.padEnd(60, '0'));
}

describe('decimalText', () => {
  it.each(texts)('writes the number %s of a message as %s', (written, text) => {
    expect(decimalText(new LosslessNumber(written))).toBe(text);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [2.5, '2.5'],
    [1e-7, '0.0000001'],
    [-1.5e-10, '-0.00000000015'],
    [1e21, '1000000000000000000000'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [Infinity, undefined],
    [NaN, undefined],
  ])('writes the JavaScript number %d as %s', (value, text) => {
    expect(decimalText(value)).toBe(text);
  });

  it.each([[undefined], [null], ['1'], [''], [true], [1n], [[1]], [{ isLosslessNumber: true, value: '1' }]])(
    'takes %o for no number',
    (value) => {
      expect(decimalText(value)).toBeUndefined();
    },
  );

  it('gives equal values equal texts, and the text has that value', () => {
    fc.assert(
      fc.property(decimal, ({ digits, exponent }) => {
        const written = spellings(digits, exponent).map((text) => decimalText(new LosslessNumber(text))!);
        expect(new Set(written).size).toBe(1);
        expect(scaled(written[0]!)).toBe(digits * 10n ** BigInt(60 + exponent));
      }),
    );
  });

  it('gives back its own text', () => {
    fc.assert(
      fc.property(decimal, ({ digits, exponent }) => {
        const text = decimalText(new LosslessNumber(`${digits}e${exponent}`))!;
        expect(decimalText(new LosslessNumber(text))).toBe(text);
      }),
    );
  });

  it('gives a JavaScript number the text of its shortest form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), (value) => {
        const text = decimalText(value);
        fc.pre(text !== undefined);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it.each([['1e-41'], ['123456789e-45'], ['0.00000000000000000001234567890123456789012345678901234567890']])(
    'gives no text of more than 40 digits, as %s would need',
    (written) => {
      expect(decimalText(new LosslessNumber(written))).toBeUndefined();
    },
  );

  it('needs no more than a moment for a number of 40,000 digits', () => {
    const start = performance.now();
    decimalText(new LosslessNumber(`1${'0'.repeat(40_000)}1`));
    expect(performance.now() - start).toBeLessThan(250);
  });
});
