import { expect, it } from 'vitest';
import { keyDigest } from './hash-key';
import { bucketOf, hashOfBucket, hashOfKey } from './user-place';

it('is by the numbers that PostgreSQL gives: uuid_hash, and hashint2 of the first 15 bits', () => {
  const user = keyDigest('h_user', 'u0');
  expect(bucketOf(user)).toBe(10_453);
  expect(hashOfBucket(10_453)).toBe(-172_908_819);
  expect(hashOfKey(user)).toBe(1_444_508_559);
});
