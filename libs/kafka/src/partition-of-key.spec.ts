import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOfHash, partitionOfKey } from './partition-of-key';

it('is the partition that kafkajs chooses', () => {
  const choose = Partitioners.DefaultPartitioner();
  const key = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.uuid(),
    fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 200 }), (one, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, () => ({ leader: 0 })) as never;
      const message = { key: one, value: null };
      expect(partitionOfKey(one, partitions)).toBe(choose({ topic: 'orders', partitionMetadata, message }));
    }),
  );
});

it('is the partition that the Java client chooses', () => {
  // The hashes of org.apache.kafka.common.utils.UtilsTest#testMurmur2.
  const hashes = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 };
  for (const [key, hash] of Object.entries(hashes)) {
    expect(partitionOfKey(key, 1_000)).toBe((hash & 0x7fffffff) % 1_000);
  }
});

it('is a range of hashes, which halves as partitions double', () => {
  expect([-(2 ** 31), -1, 0, 2 ** 31 - 1].map((hash) => partitionOfHash(hash, 6))).toEqual([0, 2, 3, 5]);
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 200 }), (hash, partitions) => {
      expect(Math.floor(partitionOfHash(hash, 2 * partitions) / 2)).toBe(partitionOfHash(hash, partitions));
    }),
  );
});
