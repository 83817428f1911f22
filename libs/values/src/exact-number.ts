import { LosslessNumber } from 'lossless-json';

/**
 * A number of a message with every digit it came with: a JavaScript number where that is exact (15 digits or fewer),
 * else the text of the number.
 */
export type ExactNumber = number | LosslessNumber;

const MAX_DIGITS = 40;
/** A number of more characters, or with such an exponent, PostgreSQL may not read, also where its value is 0. */
const MOST_CHARACTERS = 1_000;
const GREATEST_EXPONENT = 1_000;
const numberText = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The value as a plain decimal: no exponent, no needless zeros, so that equal values have equal texts.
 * Undefined where that would need more than 40 digits, where the number is written in a thousand characters or with an
 * exponent above a thousand, or where the value is no number.
 */
export function decimalText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return String(value);
  }
  if (typeof value !== 'number' && !(value instanceof LosslessNumber)) {
    return undefined;
  }
  const parts = numberText.exec(String(value));
  if (!parts) {
    return undefined;
  }
  const [text, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (text.length > MOST_CHARACTERS || Math.abs(Number(exponent)) > GREATEST_EXPONENT) {
    return undefined;
  }
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') {
    return '0';
  }
  const point = digits.length - fraction.length + Number(exponent);
  if (point > MAX_DIGITS || significant.length - Math.min(point, 0) > MAX_DIGITS) {
    return undefined;
  }
  if (point <= 0) {
    return `${sign}0.${'0'.repeat(-point)}${significant}`;
  }
  if (point >= significant.length) {
    return sign + significant.padEnd(point, '0');
  }
  return `${sign}${significant.slice(0, point)}.${significant.slice(point)}`;
}

/** By hand: a regular expression takes quadratic time for the many zeros of a hostile number. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return digits.slice(0, end);
}
