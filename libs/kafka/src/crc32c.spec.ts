import fc from 'fast-check';
import byKafkajs from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { expect, it } from 'vitest';
import { crc32C } from './crc32c';

it('is the CRC-32C of RFC 3720', () => {
  expect(crc32C(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
  expect(crc32C(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43');
  expect(crc32C(Buffer.from('123456789')).toString(16)).toBe('e3069283');
});

it('is that of kafkajs, of bytes of every length and wherever they begin', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: 9 }), (array, start) => {
      const bytes = Buffer.from(array).subarray(start);
      expect(crc32C(bytes)).toBe(byKafkajs(bytes));
    }),
  );
});
