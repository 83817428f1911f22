import { SpareBuffers } from '@app/values/spare-buffers';

/**
 * Columns of rows as PostgreSQL's arrays in its binary format (`array_recv`): one buffer a column, written once, and
 * nothing quoted.
 */

/** Oids of `pg_type`. */
const OIDS = {
  uuid: 2950,
  text: 25,
  timestamp: 1114,
  date: 1082,
  smallint: 21,
  integer: 23,
  bigint: 20,
  numeric: 1700,
  boolean: 16,
  json: 114,
  jsonb: 3802,
  bytea: 17,
};

export type ArrayType = keyof typeof OIDS;

/** How code gives the values of a type. */
export interface ArrayValues {
  /** 16 characters of a byte each, or the text of 36. */
  uuid: string;
  text: string;
  /** `YYYY-MM-DD HH:MM:SS[.ffffff]` */
  timestamp: string;
  /** `YYYY-MM-DD` */
  date: string;
  smallint: number;
  integer: number;
  /** In digits, as numeric. */
  bigint: string;
  numeric: string;
  boolean: boolean;
  /** JSON text, as it is or in UTF-8. */
  json: string | Buffer;
  jsonb: string;
  bytea: Buffer;
}

export type ArrayValue = ArrayValues[ArrayType] | null;

/** Types whose values all have one size: so many bytes, with the four before them that say how many follow. */
const SIZES: Partial<Record<ArrayType, number>> = {
  uuid: 20,
  timestamp: 12,
  date: 8,
  smallint: 6,
  integer: 8,
  bigint: 12,
  boolean: 5,
};

/**
 * What every array begins with: one dimension, whether there are nulls, the type, how many, and that they count from 1.
 */
const HEAD_BYTES = 20;

/**
 * @throws RangeError where a text is not of the type
 */
export function binaryArray(type: ArrayType, values: readonly ArrayValue[]): Buffer {
  const array = new ArrayWriter(type);
  for (const value of values) {
    array.add(value);
  }
  return array.bytes();
}

/** An array that is written value by value, and sorted by its bytes. */
export class ArrayWriter {
  private readonly array = new Growing();
  /** Of each value. */
  private readonly size: number;
  /**
   * Where each value begins, and where the last one ends. Without it, as most arrays are, all values have one size: a
   * number for each was a seventh of what dds keeps of its batches.
   */
  private starts?: number[];
  private readonly write: (array: Growing, value: never) => void;
  private hasNulls = 0;
  length = 0;

  constructor(private readonly type: ArrayType) {
    this.write = writers[type];
    this.array.skip(HEAD_BYTES);
    const size = SIZES[type];
    this.size = size ?? 0;
    this.starts = size === undefined ? [HEAD_BYTES] : undefined;
  }

  /** @throws RangeError where a text is not of the type */
  add(value: ArrayValue): void {
    if (value === null) {
      this.starts ??= Array.from({ length: this.length + 1 }, (_, place) => this.start(place));
      this.hasNulls = 1;
      this.array.int32(-1);
    } else {
      this.write(this.array, value as never);
    }
    this.length += 1;
    this.starts?.push(this.array.end);
  }

  /** Where the value at a place begins, and the one before it ends. */
  private start(place: number): number {
    return this.starts ? this.starts[place]! : HEAD_BYTES + place * this.size;
  }

  /**
   * The array in a buffer of {@link spareBuffers}; nothing can be added any more.
   * @param places of the values, in the order in which they are to stand; default: all, as they came
   */
  bytes(places?: readonly number[]): Buffer {
    const bytes = places ? this.picked(places) : this.copied();
    this.array.giveBack();
    bytes.writeInt32BE(1, 0);
    bytes.writeInt32BE(this.hasNulls, 4);
    bytes.writeInt32BE(OIDS[this.type], 8);
    bytes.writeInt32BE(places?.length ?? this.length, 12);
    bytes.writeInt32BE(1, 16);
    return bytes;
  }

  /**
   * A number for each value that is not null, by which it sorts roughly: two that are alike are distinguished by
   * {@link compare}.
   * @param most whole numbers from 0 to this
   */
  beginnings(most: number): Float64Array {
    const numbers = new Float64Array(this.length);
    let least = Infinity;
    let greatest = -Infinity;
    for (let place = 0; place < this.length; place += 1) {
      const number = this.beginning(place);
      numbers[place] = number;
      least = Math.min(least, number);
      greatest = Math.max(greatest, number);
    }
    const scale = greatest > least ? most / (greatest - least) : 0;
    for (let place = 0; place < this.length; place += 1) {
      numbers[place] = Math.min(Math.floor((numbers[place]! - least) * scale), most);
    }
    return numbers;
  }

  private beginning(place: number): number {
    const { buffer } = this.array;
    const start = this.start(place) + 4;
    const size = this.start(place + 1) - start;
    if (INTEGERS.has(this.type)) {
      return size === 4 ? buffer.readInt32BE(start) : Number(buffer.readBigInt64BE(start));
    }
    if (size >= 6) {
      return buffer.readUInt16BE(start) * 0x1_0000_0000 + buffer.readUInt32BE(start + 2);
    }
    return size > 0 ? buffer.readUIntBE(start, size) * 256 ** (6 - size) : 0;
  }

  /** As `Array.sort` wants it: integers by their size, all else byte for byte, as the collation "C" does. */
  compare(one: number, other: number): number {
    const { buffer } = this.array;
    const start = this.start(one) + 4;
    const otherStart = this.start(other) + 4;
    const size = this.start(one + 1) - start;
    const otherSize = this.start(other + 1) - otherStart;
    if (INTEGERS.has(this.type) && buffer[start] !== buffer[otherStart]) {
      return buffer.readInt8(start) - buffer.readInt8(otherStart);
    }
    const both = Math.min(size, otherSize);
    for (let at = 0; at < both; at += 1) {
      const difference = buffer[start + at]! - buffer[otherStart + at]!;
      if (difference !== 0) {
        return difference;
      }
    }
    return size - otherSize;
  }

  private copied(): Buffer {
    const { buffer, end } = this.array;
    const to = spareBuffers.take(end).subarray(0, end);
    buffer.copy(to, 0, 0, end);
    return to;
  }

  private picked(places: readonly number[]): Buffer {
    const { buffer } = this.array;
    let size = HEAD_BYTES;
    for (const place of places) {
      size += this.start(place + 1) - this.start(place);
    }
    const to = spareBuffers.take(size).subarray(0, size);
    let at = HEAD_BYTES;
    for (const place of places) {
      const end = this.start(place + 1);
      const start = this.start(place);
      if (end - start > 64) {
        at += buffer.copy(to, at, start, end);
      } else {
        for (let byte = start; byte < end; byte += 1) {
          to[at++] = buffer[byte]!;
        }
      }
    }
    return to;
  }
}

const INTEGERS = new Set<ArrayType>(['timestamp', 'date', 'integer', 'bigint']);

/** Of arrays, to be given back when PostgreSQL has them. */
export const spareBuffers = new SpareBuffers();
const FIRST_ROOM = 1_024;
const NOTHING = Buffer.alloc(0);

/** A buffer that grows while it is written. */
class Growing {
  end = 0;
  buffer: Buffer = NOTHING;

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

  /** A byte a character. */
  latin1(text: string): void {
    this.room(text.length);
    const { buffer, end } = this;
    for (let place = 0; place < text.length; place += 1) {
      buffer[end + place] = text.charCodeAt(place);
    }
    this.end = end + text.length;
  }

  byte(value: number): void {
    this.room(1);
    this.buffer[this.end] = value;
    this.end += 1;
  }

  /** Its length in bytes, and the text. */
  text(text: string): void {
    this.room(4 + 3 * text.length);
    const length = this.buffer.write(text, this.end + 4, 'utf8');
    this.buffer.writeInt32BE(length, this.end);
    this.end += 4 + length;
  }

  raw(bytes: Buffer): void {
    this.room(bytes.length);
    this.end += bytes.copy(this.buffer, this.end);
  }

  /** Ends the writing. What was written is for others to write over. */
  giveBack(): void {
    spareBuffers.give(this.buffer);
    this.buffer = NOTHING;
  }

  private room(size: number): void {
    if (this.end + size > this.buffer.length) {
      const larger = spareBuffers.take(Math.max(this.end + size, FIRST_ROOM));
      this.buffer.copy(larger, 0, 0, this.end);
      spareBuffers.give(this.buffer);
      this.buffer = larger;
    }
  }
}

const writers: { [Type in ArrayType]: (array: Growing, value: ArrayValues[Type]) => void } = {
  uuid(array, value) {
    array.int32(16);
    if (value.length === 16) {
      array.latin1(value);
    } else {
      writeUuid(array, value);
    }
  },
  text(array, value) {
    array.text(value);
  },
  json(array, value) {
    if (typeof value === 'string') {
      array.text(value);
    } else {
      array.int32(value.length);
      array.raw(value);
    }
  },
  jsonb(array, value) {
    // The version of the format, and the text.
    array.text(`\u0001${value}`);
  },
  bytea(array, value) {
    array.int32(value.length);
    array.raw(value);
  },
  boolean(array, value) {
    array.int32(1);
    array.byte(value ? 1 : 0);
  },
  date(array, value) {
    array.int32(4);
    if (!DATE.test(value)) {
      throw new RangeError(`a date as YYYY-MM-DD, got "${value}"`);
    }
    array.int32(daysAt(value));
  },
  smallint(array, value) {
    array.int32(2);
    array.int16(value);
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

/** Values of hexadecimal digits, by their character code; -1 of all else. */
const HEX = Int8Array.from({ length: 128 }, (_, code) => {
  const value = parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? -1 : value;
});

function writeUuid(array: Growing, text: string): void {
  const isUuid =
    text.length === 36 && text[8] === '-' && text[13] === '-' && text[18] === '-' && text[23] === '-';
  const [a, b, c, d] = [
    eightDigits(text, 0, 4),
    eightDigits(text, 9, 14),
    eightDigits(text, 19, 24),
    eightDigits(text, 28, 32),
  ];
  if (!isUuid || Number.isNaN(a + b + c + d)) {
    throw new RangeError(`a uuid as text or as 16 bytes, got "${text}"`);
  }
  array.int32(a);
  array.int32(b);
  array.int32(c);
  array.int32(d);
}

/** The 32 bits that four digits and another four are; NaN where one is no digit. */
function eightDigits(text: string, first: number, second: number): number {
  const [high, low] = [fourDigits(text, first), fourDigits(text, second)];
  return high < 0 || low < 0 ? NaN : (high << 16) | low;
}

function fourDigits(text: string, at: number): number {
  return (
    (digit(text, at) << 12) | (digit(text, at + 1) << 8) | (digit(text, at + 2) << 4) | digit(text, at + 3)
  );
}

function digit(text: string, at: number): number {
  return HEX[text.charCodeAt(at)] ?? -1;
}

/** Days from 1970 to 2000, from which PostgreSQL counts. */
const EPOCH_DAYS = 10_957;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;
const ZERO = 48;

function writeMicroseconds(array: Growing, text: string): void {
  if (!TIME.test(text)) {
    throw new RangeError(`a time as YYYY-MM-DD HH:MM:SS, got "${text}"`);
  }
  const seconds = daysAt(text) * 86_400 + two(text, 11) * 3_600 + two(text, 14) * 60 + two(text, 17);
  const micros = text.length > 20 ? Number(text.slice(20).padEnd(6, '0')) : 0;
  const all = seconds * 1_000_000 + micros;
  if (Number.isSafeInteger(all)) {
    array.int64(all);
  } else {
    array.bigint64(BigInt(seconds) * 1_000_000n + BigInt(micros));
  }
}

/** The number that two digits of a text are. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** Days since 2000, of the date with which the text begins. */
function daysAt(text: string): number {
  return daysOf(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)) - EPOCH_DAYS;
}

/**
 * Days since 1970, in the Gregorian calendar of all times: years begin in March here, so that the day that may be
 * missing is the last.
 */
function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

const DECIMAL = /^-?\d*(?:\.\d*)?$/;
const NEGATIVE = 0x4000;
const MINUS = 0x2d;

/** Digits to the base of 10,000, with the power of the first, the sign, and how many decimal places are shown. */
function writeNumeric(array: Growing, text: string): void {
  if (!DECIMAL.test(text) || text === '' || text === '-') {
    throw new RangeError(`a decimal number, got "${text}"`);
  }
  const isNegative = text.charCodeAt(0) === MINUS;
  const begin = isNegative ? 1 : 0;
  const point = text.indexOf('.');
  const end = point < 0 ? text.length : point;
  const fraction = point < 0 ? 0 : text.length - point - 1;
  const head = array.end;
  array.skip(12);
  let written = 0;
  let last = 0;
  let power = Math.ceil((end - begin) / 4) - 1;
  // Groups of four digits, counted from the point, from the first to the last that is not zero.
  for (let group = power; group >= -Math.ceil(fraction / 4); group -= 1) {
    const value = fourDecimals(text, (group < 0 ? end + 1 : end) - 4 * (group + 1), begin);
    if (written === 0 && value === 0) {
      continue;
    }
    power = written === 0 ? group : power;
    written += 1;
    array.int16(value);
    last = value === 0 ? last : written;
  }
  const isZero = last === 0;
  array.end = head;
  array.int32(8 + 2 * last);
  array.int16(last);
  array.int16(isZero ? 0 : power);
  array.int16(isNegative && !isZero ? NEGATIVE : 0);
  array.int16(fraction);
  array.end += 2 * last;
}

/** The number that four digits are; zeros stand before the first, at `begin`, and behind the last. */
function fourDecimals(text: string, at: number, begin: number): number {
  let value = 0;
  for (let place = at; place < at + 4; place += 1) {
    const isThere = place >= begin && place < text.length;
    value = value * 10 + (isThere ? text.charCodeAt(place) - ZERO : 0);
  }
  return value;
}
