import { UnpacksToTooMuch } from './unpacks-to-too-much';

const FRAME = 0x184d2204;
/** Of a frame that holds no data, whatever the last four bits are. */
const SKIPPABLE = 0x184d2a50;
const UNPACKED_BLOCK = 0x80000000;
const SHORTEST_MATCH = 4;

/**
 * Frames of LZ4, one after another, as `lz4_Frame_format.md` has them. Checksums are passed over, as Kafka's own reader
 * does with most: those of old Java clients are wrong, and the broker has looked into each batch. The packages that do
 * this in JavaScript read beyond the ends of what is broken, or have no limit.
 * @throws UnpacksToTooMuch above `limit` bytes; RangeError or Error when it is no LZ4
 */
export function unpackLz4(packed: Buffer, limit: number): Buffer {
  const output = new Output(limit);
  for (let place = 0; place < packed.length;) {
    const magic = packed.readUInt32LE(place);
    place += 4;
    if (magic >>> 4 === SKIPPABLE >>> 4) {
      place += 4 + packed.readUInt32LE(place);
    } else if (magic === FRAME) {
      place = unpackFrame(packed, place, output);
    } else {
      throw new Error(`no LZ4 frame begins with ${magic.toString(16)}`);
    }
  }
  // A small batch must not hold the room that its last block might have taken.
  return Buffer.from(output.bytes.subarray(0, output.length));
}

/** @returns where the frame ends */
function unpackFrame(packed: Buffer, start: number, output: Output): number {
  const flags = packed.readUInt8(start);
  const sizeCode = (packed.readUInt8(start + 1) >> 4) & 7;
  if (flags >> 6 !== 1 || sizeCode < 4) {
    throw new Error('an LZ4 frame of an unknown version or block size');
  }
  const [hasBlockSums, hasSize, hasSum, hasDictionary] = [0x10, 0x08, 0x04, 0x01].map(
    (flag) => (flags & flag) !== 0,
  );
  const blockSize = 2 ** (8 + 2 * sizeCode);
  const frameStart = output.length;
  let place = start + 3 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  for (;;) {
    const word = packed.readUInt32LE(place);
    place += 4;
    if (word === 0) {
      return place + (hasSum ? 4 : 0);
    }
    const size = word & ~UNPACKED_BLOCK;
    const block = packed.subarray(place, place + size);
    if (block.length < size || size > blockSize) {
      throw new Error('an LZ4 block goes beyond its end');
    }
    output.makeRoom(blockSize);
    if (word >= UNPACKED_BLOCK) {
      output.length += block.copy(output.bytes, output.length);
    } else {
      output.length = unpackBlock(block, output, output.length + blockSize, frameStart);
    }
    output.check();
    place += size + (hasBlockSums ? 4 : 0);
  }
}

/**
 * Literals and matches in turn. A match may begin in an earlier block of its frame.
 * @returns the length of the output then
 */
function unpackBlock(
  block: Buffer,
  { bytes, length }: Output,
  mostLength: number,
  frameStart: number,
): number {
  let to = length;
  let from = 0;
  const lengthFrom = (nibble: number): number => {
    let sum = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; sum += byte) {
      byte = block.readUInt8(from);
      from += 1;
    }
    return sum;
  };
  for (;;) {
    const token = block.readUInt8(from);
    from += 1;
    const literals = lengthFrom(token >> 4);
    if (from + literals > block.length || to + literals > mostLength) {
      throw new Error('an LZ4 block has more literals than it can');
    }
    block.copy(bytes, to, from, from + literals);
    to += literals;
    from += literals;
    if (from === block.length) {
      return to;
    }
    const start = to - block.readUInt16LE(from);
    from += 2;
    const matched = lengthFrom(token & 15) + SHORTEST_MATCH;
    if (start < frameStart || start === to || to + matched > mostLength) {
      throw new Error('an LZ4 block repeats what is not there');
    }
    if (start + matched <= to) {
      bytes.copyWithin(to, start, start + matched);
    } else {
      // What it repeats is being written.
      for (let place = 0; place < matched; place += 1) {
        bytes[to + place] = bytes[start + place]!;
      }
    }
    to += matched;
  }
}

/** What is unpacked so far, in a buffer that grows. */
class Output {
  bytes = Buffer.allocUnsafe(0);
  length = 0;

  constructor(private readonly limit: number) {}

  makeRoom(size: number): void {
    const needed = this.length + size;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.bytes.length, this.limit)));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
  }

  check(): void {
    if (this.length > this.limit) {
      throw new UnpacksToTooMuch(this.limit);
    }
  }
}
