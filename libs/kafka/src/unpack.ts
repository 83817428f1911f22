import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import snappy from 'snappyjs';
import { UnpacksToTooMuch } from './unpacks-to-too-much';
import { unpackLz4 } from './unpack-lz4';

/** Codecs of Kafka, by their names in `compression.type`. */
export type Codec = 'gzip' | 'snappy' | 'lz4' | 'zstd';

/**
 * What a producer packed, in every framing that clients of Kafka send. Holds little more than `limit` bytes, whatever
 * comes.
 * @throws UnpacksToTooMuch when it would be more than `limit` bytes; other errors when it is not of this codec
 */
export async function unpack(codec: Codec, packed: Buffer, limit: number): Promise<Buffer> {
  switch (codec) {
    case 'gzip':
      return unzip(packed, { maxOutputLength: limit }).catch((error: unknown) => refuse(error, limit));
    case 'snappy':
      return unpackSnappy(packed, limit);
    case 'lz4':
      return unpackLz4(packed, limit);
    case 'zstd':
      return zstdDecompress
        ? zstdDecompress(packed, { maxOutputLength: limit }).catch((error: unknown) => refuse(error, limit))
        : unpackZstd(packed, limit);
  }
}

type Inflate = (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unzip: Inflate = promisify(zlib.unzip);
/** Node has it since 22.15. */
const zstdDecompress: Inflate | undefined =
  'zstdDecompress' in zlib ? promisify(zlib.zstdDecompress as typeof zlib.unzip) : undefined;

function refuse(error: unknown, limit: number): never {
  throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    ? new UnpacksToTooMuch(limit)
    : error;
}

/** How snappy-java begins: this, two numbers of four bytes, then pieces, each behind its length in four bytes. */
const SNAPPY_JAVA = Buffer.from('\x82SNAPPY\0', 'latin1');

/** As one piece (librdkafka, Go, Rust), or as snappy-java frames it. */
function unpackSnappy(packed: Buffer, limit: number): Buffer {
  if (!isSnappyJava(packed)) {
    return snappyPiece(packed, limit, limit);
  }
  const pieces: Buffer[] = [];
  let left = limit;
  for (let place = 0; place < packed.length;) {
    if (isSnappyJava(packed.subarray(place))) {
      place += 16;
      continue;
    }
    const start = place + 4;
    place = start + packed.readInt32BE(place);
    if (place < start || place > packed.length) {
      throw new Error('a piece of snappy goes beyond its end');
    }
    const piece = snappyPiece(packed.subarray(start, place), left, limit);
    left -= piece.length;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function isSnappyJava(packed: Buffer): boolean {
  return packed.subarray(0, SNAPPY_JAVA.length).equals(SNAPPY_JAVA);
}

/** It begins with the number of bytes that it unpacks to. */
function snappyPiece(packed: Buffer, left: number, limit: number): Buffer {
  try {
    return snappy.uncompress(packed, left);
  } catch (error) {
    throw /too big/.test((error as Error).message) ? new UnpacksToTooMuch(limit) : error;
  }
}

/** Of 32 MiB, as the header of a frame has it. */
const LARGEST_WINDOW = 15 << 3;

/**
 * For a Node without zstd of its own. A frame may ask for a window far larger than what it unpacks to, and the decoder
 * would move all of it with every block: no more is asked for than what may be unpacked.
 */
export function unpackZstd(packed: Buffer, limit: number): Buffer {
  const frame = Buffer.from(packed);
  const isWhole = (frame[4]! & 0x20) !== 0;
  if (isWhole && contentSize(frame) > limit) {
    throw new UnpacksToTooMuch(limit);
  }
  if (!isWhole && frame[5]! > LARGEST_WINDOW) {
    frame[5] = LARGEST_WINDOW;
  }
  const blocks: Uint8Array[] = [];
  let left = limit;
  const decoder = new Decompress((block) => {
    left -= block.length;
    if (left < 0) {
      throw new UnpacksToTooMuch(limit);
    }
    blocks.push(block);
  });
  decoder.push(frame, true);
  return Buffer.concat(blocks);
}

/** What a frame without a window says that it unpacks to, behind the flags and the id of a dictionary. */
function contentSize(frame: Buffer): number {
  const flags = frame[4]!;
  const place = 5 + [0, 1, 2, 4][flags & 3]!;
  switch (flags >> 6) {
    case 0:
      return frame.readUInt8(place);
    case 1:
      return frame.readUInt16LE(place) + 256;
    case 2:
      return frame.readUInt32LE(place);
    default:
      return Number(frame.readBigUInt64LE(place));
  }
}
