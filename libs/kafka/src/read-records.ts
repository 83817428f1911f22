import type { Header } from './outgoing-message';

/** What a record batch says for all of its records. */
export interface RecordBatchHead {
  baseOffset: bigint;
  baseTime: bigint;
  /** The time of all records where the broker has given it, and not the producer. */
  appendTime?: bigint;
}

/** A record as the consumer of kafkajs takes it; its headers are a list as they came. */
export interface FetchedRecord {
  attributes: number;
  /** Milliseconds since 1970. */
  timestamp: string;
  offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  headers: readonly Header[];
  /** It is passed over. */
  isControlRecord: boolean;
}

const NO_HEADERS: readonly Header[] = [];

/**
 * So many records as they follow each other in the bytes: https://kafka.apache.org/documentation/#record. Keys, values
 * and headers are views of the bytes.
 * @throws RangeError where there is less than that, or a record has more in it than its size
 */
export function readRecords(
  bytes: Buffer,
  count: number,
  head: RecordBatchHead,
  isControlRecord: boolean,
): FetchedRecord[] {
  const reader = new RecordReader(bytes);
  const baseTime = String(head.appendTime ?? head.baseTime);
  const records: FetchedRecord[] = [];
  while (records.length < count) {
    reader.begin(records.length);
    const attributes = reader.byte();
    const timeDelta = reader.long();
    const hasBaseTime = timeDelta === 0n || head.appendTime !== undefined;
    const timestamp = hasBaseTime ? baseTime : String(head.baseTime + timeDelta);
    const offset = String(head.baseOffset + BigInt(reader.integer()));
    const keySize = reader.integer();
    const keyStart = reader.skip(keySize);
    const valueSize = reader.integer();
    const valueStart = reader.skip(valueSize);
    const headers = reader.headers();
    records.push(
      new RecordOfBytes(
        bytes,
        attributes,
        timestamp,
        offset,
        keyStart,
        keySize,
        valueStart,
        valueSize,
        headers,
        isControlRecord,
      ),
    );
  }
  return records;
}

/**
 * Key and value become views when they are asked for, and are not kept: most records of an answer wait until others are
 * done, all stay until the last is, and two views are larger than all the rest of a record.
 */
class RecordOfBytes implements FetchedRecord {
  constructor(
    private readonly bytes: Buffer,
    readonly attributes: number,
    readonly timestamp: string,
    readonly offset: string,
    private readonly keyStart: number,
    private readonly keySize: number,
    private readonly valueStart: number,
    private readonly valueSize: number,
    readonly headers: readonly Header[],
    public isControlRecord: boolean,
  ) {}

  get key(): Buffer | null {
    return viewOf(this.bytes, this.keyStart, this.keySize);
  }

  get value(): Buffer | null {
    return viewOf(this.bytes, this.valueStart, this.valueSize);
  }
}

/** @param size less than zero: null */
function viewOf(bytes: Buffer, start: number, size: number): Buffer | null {
  return size < 0 ? null : bytes.subarray(start, start + size);
}

class RecordReader {
  private offset = 0;
  /** Of the record that is being read. */
  private end = 0;
  private place = 0;

  constructor(private readonly bytes: Buffer) {}

  /** Goes to the next record. */
  begin(place: number): void {
    this.place = place;
    this.offset = this.end;
    this.end = this.bytes.length;
    const size = this.integer();
    this.end = this.offset + size;
    if (size <= 0 || this.end > this.bytes.length) {
      throw this.tooShort();
    }
  }

  byte(): number {
    if (this.offset >= this.end) {
      throw this.tooShort();
    }
    return this.bytes[this.offset++]!;
  }

  /** 32 bits, as a varint, zigzag. */
  integer(): number {
    let number = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.byte();
      number |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    return (number >>> 1) ^ -(number & 1);
  }

  /** 64 bits. */
  long(): bigint {
    let byte = this.byte();
    if (byte === 0) {
      return 0n;
    }
    let number = BigInt(byte & 0x7f);
    for (let shift = 7n; byte >= 0x80; shift += 7n) {
      byte = this.byte();
      number |= BigInt(byte & 0x7f) << shift;
    }
    const unsigned = BigInt.asUintN(64, number);
    return (unsigned >> 1n) ^ -(unsigned & 1n);
  }

  /**
   * Goes on behind a content.
   * @param size less than zero: there is none
   * @returns where it begins
   */
  skip(size: number): number {
    const start = this.offset;
    this.offset += Math.max(size, 0);
    if (this.offset > this.end) {
      throw this.tooShort();
    }
    return start;
  }

  private content(): Buffer | null {
    const size = this.integer();
    return viewOf(this.bytes, this.skip(size), size);
  }

  headers(): readonly Header[] {
    const count = this.integer();
    if (count <= 0) {
      return NO_HEADERS;
    }
    const headers: Header[] = [];
    while (headers.length < count) {
      headers.push([this.content() ?? Buffer.alloc(0), this.content()]);
    }
    return headers;
  }

  private tooShort(): RangeError {
    return new RangeError(`it ends within message ${this.place}`);
  }
}
