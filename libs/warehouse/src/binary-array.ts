/** Columns of rows as PostgreSQL's arrays in its binary format (`array_recv`): one buffer a column, written once, and nothing quoted. */

/** Oids of `pg_type`. */
const OIDS = { uuid: 2950, text: 25, timestamp: 1114, integer: 23, bigint: 20, numeric: 1700 };

export type ArrayType = keyof typeof OIDS;

/** 16 characters of a byte each for a uuid; numbers and times as texts, times as `YYYY-MM-DD HH:MM:SS[.ffffff]`; an integer as a number. */
export type ArrayValue = string | number | null;

/** What every array begins with: one dimension, whether there are nulls, the type, how many, and that they count from 1. */
const HEAD_BYTES = 20;

/**
 * @throws RangeError where a text is not of the type
 */
export function binaryArray(type: ArrayType, values: readonly ArrayValue[]): Buffer {
  const array = new Growing(HEAD_BYTES + values.length * 24);
  array.skip(HEAD_BYTES);
  let hasNulls = 0;
  for (const value of values) {
    if (value === null) {
      hasNulls = 1;
      array.int32(-1);
    } else {
      writers[type](array, value as never);
    }
  }
  const bytes = array.bytes();
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(hasNulls, 4);
  bytes.writeInt32BE(OIDS[type], 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16);
  return bytes;
}

/** A buffer that grows while it is written. */
class Growing {
  private buffer: Buffer;
  private end = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  skip(size: number): void {
    this.room(size);
    this.end += size;
  }

  int16(value: number): void {
    this.room(2);
    this.end = this.buffer.writeInt16BE(value, this.end);
  }

  int32(value: number): void {
    this.room(4);
    this.end = this.buffer.writeInt32BE(value, this.end);
  }

  /** 64 bits; exact up to 2^53. */
  int64(value: number): void {
    this.room(8);
    this.buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.end);
    this.end = this.buffer.writeUInt32BE(
      ((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000,
      this.end + 4,
    );
  }

  bigint64(value: bigint): void {
    this.room(8);
    this.end = this.buffer.writeBigInt64BE(value, this.end);
  }

  latin1(text: string): void {
    this.room(text.length);
    this.end += this.buffer.write(text, this.end, 'latin1');
  }

  /** Its length in bytes, and the text. */
  text(text: string): void {
    this.room(4 + 3 * text.length);
    const length = this.buffer.write(text, this.end + 4, 'utf8');
    this.buffer.writeInt32BE(length, this.end);
    this.end += 4 + length;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  private room(size: number): void {
    if (this.end + size > this.buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (this.end + size));
      this.buffer.copy(larger, 0, 0, this.end);
      this.buffer = larger;
    }
  }
}

const writers: {
  [Type in ArrayType]: (array: Growing, value: Type extends 'integer' ? number : string) => void;
} = {
  uuid(array, value) {
    if (value.length !== 16) {
      throw new RangeError(`16 bytes of a uuid, got ${value.length}`);
    }
    array.int32(16);
    array.latin1(value);
  },
  text(array, value) {
    array.text(value);
  },
  integer(array, value) {
    array.int32(4);
    array.int32(value);
  },
  bigint(array, value) {
    array.int32(8);
    if (value.length < 16) {
      array.int64(Number(value));
    } else {
      array.bigint64(BigInt(value));
    }
  },
  timestamp(array, value) {
    array.int32(8);
    writeMicroseconds(array, value);
  },
  numeric: writeNumeric,
};

/** Days from 1970 to 2000, from which PostgreSQL counts. */
const EPOCH_DAYS = 10_957;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;
const ZERO = 48;

function writeMicroseconds(array: Growing, text: string): void {
  if (!TIME.test(text)) {
    throw new RangeError(`a time as YYYY-MM-DD HH:MM:SS, got "${text}"`);
  }
  const two = (at: number) => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
  const days = daysOf(two(0) * 100 + two(2), two(5), two(8)) - EPOCH_DAYS;
  const seconds = days * 86_400 + two(11) * 3_600 + two(14) * 60 + two(17);
  const micros = text.length > 20 ? Number(text.slice(20).padEnd(6, '0')) : 0;
  const all = seconds * 1_000_000 + micros;
  if (Number.isSafeInteger(all)) {
    array.int64(all);
  } else {
    array.bigint64(BigInt(seconds) * 1_000_000n + BigInt(micros));
  }
}

/** Days since 1970, in the Gregorian calendar of all times: years begin in March here, so that the day that may be missing is the last. */
function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

const DECIMAL = /^(-?)0*(\d*)(?:\.(\d*))?$/;
const NEGATIVE = 0x4000;

/** Digits to the base of 10,000, with the power of the first, the sign, and how many decimal places are shown. */
function writeNumeric(array: Growing, text: string): void {
  const parts = DECIMAL.exec(text);
  if (!parts || text === '' || text === '-') {
    throw new RangeError(`a decimal number, got "${text}"`);
  }
  const [, sign, whole = '', fraction = ''] = parts;
  const before = Math.ceil(whole.length / 4);
  const digits = whole.padStart(before * 4, '0') + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups: number[] = [];
  for (let at = 0; at < digits.length; at += 4) {
    groups.push(Number(digits.slice(at, at + 4)));
  }
  let first = 0;
  while (first < groups.length && groups[first] === 0) {
    first += 1;
  }
  let last = groups.length;
  while (last > first && groups[last - 1] === 0) {
    last -= 1;
  }
  array.int32(8 + 2 * (last - first));
  array.int16(last - first);
  array.int16(last > first ? before - 1 - first : 0);
  array.int16(sign && last > first ? NEGATIVE : 0);
  array.int16(fraction.length);
  for (let at = first; at < last; at += 1) {
    array.int16(groups[at]!);
  }
}
