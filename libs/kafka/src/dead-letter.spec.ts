import { describe, expect, it } from 'vitest';
import { deadLetter } from './dead-letter';
import { messageBytes } from './message.publisher';
import type { KafkaRecord, Refused } from './outcome';

const record: KafkaRecord = {
  topic: 'order-service_orders',
  partition: 3,
  offset: '9223372036854775806',
  timestamp: '1691820435000',
  key: Buffer.from([0, 0xff]),
  value: Buffer.from([0x7b, 0xc3, 0x28]),
  headers: { trace: Buffer.from('7'), several: [Buffer.from('a'), Buffer.from('b')] },
};
const refused: Refused = { kind: 'refused', reason: 'not_utf8', message: 'the value is not UTF-8' };

describe('deadLetter', () => {
  it('leaves key, value, headers and timestamp untouched, and says why, from where, when and by whom', () => {
    const before = new Date().toISOString();
    const letter = deadLetter(record, refused, 'stg');
    expect(letter).toEqual({
      key: record.key,
      value: record.value,
      timestamp: '1691820435000',
      headers: {
        ...record.headers,
        'dlq.reason': 'not_utf8',
        'dlq.message': 'the value is not UTF-8',
        'dlq.topic': 'order-service_orders',
        'dlq.partition': '3',
        'dlq.offset': '9223372036854775806',
        'dlq.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
        'dlq.service': 'stg',
      },
    });
    const at = letter.headers!['dlq.timestamp'] as string;
    expect(at >= before && at <= new Date().toISOString()).toBe(true);
  });

  it('keeps a message without key and value as it is', () => {
    expect(deadLetter({ ...record, key: null, value: null }, refused, 'stg')).toMatchObject({
      key: null,
      value: null,
    });
  });

  it('says of a dead letter that was sent again and refused again the last reason only', () => {
    const again = {
      ...record,
      headers: { 'dlq.reason': Buffer.from('empty'), 'dlq.offset': Buffer.from('1') },
    };
    expect(deadLetter(again, refused, 'dds').headers).toMatchObject({
      'dlq.reason': 'not_utf8',
      'dlq.offset': record.offset,
      'dlq.service': 'dds',
    });
  });

  it('adds less than 64 KiB, which dead-letter topics accept beyond the source, however much there is to say', () => {
    const message = `payload.user.id must stay ${'ы'.repeat(100_000)}, got x`;
    const letter = deadLetter(record, { ...refused, message }, 'stg');
    expect(messageBytes(letter) - messageBytes({ ...letter, headers: record.headers })).toBeLessThan(65_536);
  });
});
