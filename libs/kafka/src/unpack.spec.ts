import { gzipSync } from 'node:zlib';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { unpack, unpackZstd } from './unpack';
import { UnpacksToTooMuch } from './unpacks-to-too-much';

const text = Buffer.from('one order\n'.repeat(9_000));
const LIMIT = 200_000;

/** `text` as the programs `lz4` and `zstd` pack it. */
const lz4Frames = {
  'of blocks that need each other':
    'BCJNGERAXhQBAACvb25lIG9yZGVyCgoA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////95QbmUgb3JpAAAAD/r////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////XUHJkZXIKAAAAALKDL0s=',
  'with a sum behind each block':
    'BCJNGHBArRQBAACvb25lIG9yZGVyCgoA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////95QbmUgb3IqvKZTcwAAAK9kZXIKb25lIG9yCgD//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////81QcmRlcgqg5w+MAAAAAA==',
  'that says its size':
    'BCJNGGxQkF8BAAAAAABMdAEAAK9vbmUgb3JkZXIKCgD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////zlByZGVyCgAAAACygy9L',
};
const zstdFrames = {
  'that says its size': 'KLUv/aCQXwEAlQAAUG9uZSBvcmRlcgoBAINfzQsS',
  'of a stream': 'KLUv/QRYlQAAUG9uZSBvcmRlcgoBAINfzQsS40hWyA==',
  'with a window of 128 MiB': 'KLUv/QSIlQAAUG9uZSBvcmRlcgoBAINfzQsS40hWyA==',
};

describe('gzip', () => {
  it('is unpacked, also in several members', async () => {
    const packed = gzipSync(text);
    expectSame(await unpack('gzip', packed, LIMIT), text);
    expectSame(await unpack('gzip', Buffer.concat([packed, packed]), LIMIT), Buffer.concat([text, text]));
  });
});

describe('snappy', () => {
  it('is unpacked as one piece', async () => {
    expectSame(await unpack('snappy', snappy.compress(text), LIMIT), text);
  });

  it('is unpacked as snappy-java frames it, also in several streams', async () => {
    const stream = [snappyJavaHeader(), ...pieces(text, 32_768)];
    expectSame(await unpack('snappy', Buffer.concat(stream), LIMIT), text);
    const twice = Buffer.concat([...stream, ...stream]);
    expectSame(await unpack('snappy', twice, LIMIT), Buffer.concat([text, text]));
  });

  it.each([
    [
      'a piece that goes beyond its end',
      Buffer.concat([snappyJavaHeader(), Buffer.from([0, 0, 1, 0, 1, 2])]),
    ],
    ['a piece of a negative length', Buffer.concat([snappyJavaHeader(), Buffer.alloc(4, 0xff)])],
    ['a piece that is cut off', snappy.compress(text).subarray(0, 100)],
  ])('%s is an error', async (_, packed) => {
    await expect(unpack('snappy', packed, LIMIT)).rejects.toThrow(Error);
  });
});

describe('lz4', () => {
  it.each(Object.entries(lz4Frames))('a frame %s is unpacked', async (_, packed) => {
    expectSame(await unpack('lz4', Buffer.from(packed, 'base64'), LIMIT), text);
  });

  it('a frame with the wrong sum of its header is unpacked, as old Java clients send it', async () => {
    const packed = Buffer.from(lz4Frames['of blocks that need each other'], 'base64');
    packed[6]! ^= 0xff;
    expectSame(await unpack('lz4', packed, LIMIT), text);
  });

  it('frames one after another are unpacked, and one without data is passed over', async () => {
    const frames = Object.values(lz4Frames).map((packed) => Buffer.from(packed, 'base64'));
    const skippable = Buffer.from('5a2a4d1803000000616263', 'hex');
    const packed = Buffer.concat([frames[0]!, skippable, frames[1]!]);
    expectSame(await unpack('lz4', packed, LIMIT), Buffer.concat([text, text]));
  });

  it.each([
    ['what is no frame', '0011223344556677'],
    [
      'a frame that is cut off',
      Buffer.from(lz4Frames['that says its size'], 'base64').toString('hex').slice(0, 80),
    ],
    ['a match before the beginning', '04224d18604082050000001141090000000000'],
    ['a match of itself', '04224d18604082050000001141000000000000'],
    ['more literals than there are', '04224d1860408203000000f0ff4100000000'],
  ])('%s is an error', async (_, packed) => {
    await expect(unpack('lz4', Buffer.from(packed, 'hex'), LIMIT)).rejects.toThrow(Error);
  });
});

describe.each([
  ['zstd', (packed: Buffer, limit: number) => unpack('zstd', packed, limit)],
  ['zstd without that of Node', async (packed: Buffer, limit: number) => unpackZstd(packed, limit)],
])('%s', (_, unpackZstdWith) => {
  it.each(Object.entries(zstdFrames))('a frame %s is unpacked', async (__, packed) => {
    expectSame(await unpackZstdWith(Buffer.from(packed, 'base64'), LIMIT), text);
  });

  it('frames one after another are unpacked', async () => {
    const frames = Object.values(zstdFrames).map((packed) => Buffer.from(packed, 'base64'));
    expectSame(await unpackZstdWith(Buffer.concat(frames.slice(0, 2)), LIMIT), Buffer.concat([text, text]));
  });

  it('a frame that is cut off is an error', async () => {
    const packed = Buffer.from(zstdFrames['of a stream'], 'base64').subarray(0, 20);
    await expect(unpackZstdWith(packed, LIMIT)).rejects.toThrow(Error);
  });
});

describe('a limit', () => {
  const packed = {
    gzip: [gzipSync(text)],
    snappy: [snappy.compress(text), Buffer.concat([snappyJavaHeader(), ...pieces(text, 32_768)])],
    lz4: Object.values(lz4Frames).map((frame) => Buffer.from(frame, 'base64')),
    zstd: Object.values(zstdFrames).map((frame) => Buffer.from(frame, 'base64')),
  };

  it.each(Object.entries(packed))('of %s is kept to the byte', async (codec, all) => {
    for (const bytes of all) {
      const unpackTo = (limit: number) => unpack(codec as keyof typeof packed, bytes, limit);
      expectSame(await unpackTo(text.length), text);
      await expect(unpackTo(text.length - 1)).rejects.toThrow(UnpacksToTooMuch);
    }
  });

  it('of zstd is kept where a frame only says that it is large', () => {
    const frame = Buffer.from('28b52ffda0000000f0', 'hex');
    expect(() => unpackZstd(frame, LIMIT)).toThrow(UnpacksToTooMuch);
  });
});

/** Vitest takes long to compare so many bytes. */
function expectSame(unpacked: Buffer, expected: Buffer): void {
  expect(unpacked.equals(expected)).toBe(true);
}

function snappyJavaHeader(): Buffer {
  return Buffer.concat([Buffer.from('\x82SNAPPY\0', 'latin1'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  const all: Buffer[] = [];
  for (let place = 0; place < bytes.length; place += size) {
    const piece = snappy.compress(bytes.subarray(place, place + size));
    const length = Buffer.alloc(4);
    length.writeInt32BE(piece.length);
    all.push(length, piece);
  }
  return all;
}
