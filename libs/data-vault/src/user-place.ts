import type { Digest } from './hash-key';

/*
 * Where the rows of a user are on a distributed PostgreSQL (docs/decisions/0046): tables of the vault are spread by the
 * bucket of the user, tables of marts by the hash key itself. Each part of a table has a range of what PostgreSQL's own
 * hash functions make of these, and so has a partition of the topic before: the messages of one batch belong to one
 * part.
 */

/** So many buckets there are, for good: 15 bits, what a smallint holds without a sign. */
export const BUCKETS = 32_768;

/** The bucket of a user: the first 15 bits of the hash key. */
export function bucketOf(user: Digest): number {
  return (user.charCodeAt(0) << 7) | (user.charCodeAt(1) >> 1);
}

/** As `hashint2` of PostgreSQL. */
export function hashOfBucket(bucket: number): number {
  const first = start(4);
  return finish((first + bucket) | 0, first, first);
}

/** As `uuid_hash` of PostgreSQL. */
export function hashOfKey(key: Digest): number {
  const first = start(16);
  let a = (first + word(key, 0)) | 0;
  let b = (first + word(key, 4)) | 0;
  let c = (first + word(key, 8)) | 0;
  a = (a - c) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = (b - a) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = (c - b) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = (a - c) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = (b - a) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = (c - b) ^ rotate(b, 4);
  b = (b + a) | 0;
  return finish((a + word(key, 12)) | 0, b, c);
}

/*
 * Both are Bob Jenkins' lookup3 over words of 32 bits, read with the lowest byte first, as processors of today do.
 */
function start(bytes: number): number {
  return (0x9e3779b9 + bytes + 3_923_095) | 0;
}

function finish(a: number, b: number, c: number): number {
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  return ((c ^ b) - rotate(b, 24)) | 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(key: Digest, place: number): number {
  return (
    key.charCodeAt(place) |
    (key.charCodeAt(place + 1) << 8) |
    (key.charCodeAt(place + 2) << 16) |
    (key.charCodeAt(place + 3) << 24)
  );
}
