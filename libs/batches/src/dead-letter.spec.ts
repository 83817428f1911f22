import { describe, expect, it } from 'vitest';
import type { Header, OutgoingMessage } from '@app/kafka/outgoing-message';
import { messageBytes } from '@app/kafka/record-batch';
import { deadLetter, partedHeaders } from './dead-letter';
import type { KafkaRecord, Refused } from './outcome';

const header = (name: string | Buffer, value: string | null): Header => [
  Buffer.from(name as string),
  value === null ? null : Buffer.from(value),
];

const record: KafkaRecord = {
  topic: 'order-service_orders',
  partition: 3,
  offset: '9223372036854775806',
  timestamp: '1691820435000',
  key: Buffer.from([0, 0xff]),
  value: Buffer.from([0x7b, 0xc3, 0x28]),
  headers: [header('b', 'first'), header('__proto__', null), header('b', 'second'), header('', 'no name')],
};
const refused: Refused = { kind: 'refused', reason: 'not_utf8', message: 'the value is not UTF-8' };
/** What the service added, without the names of Kafka Connect. */
const own = (letter: OutgoingMessage) => named(letter, 'dlq.');
const connect = (letter: OutgoingMessage) => named(letter, '__connect.errors.');
const original = (letter: OutgoingMessage) => partedHeaders(letter.headers!).original;

function named(letter: OutgoingMessage, prefix: string): Partial<Record<string, string>> {
  const { own: all } = partedHeaders(letter.headers!);
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(prefix)));
}

describe('deadLetter', () => {
  it('leaves key, value, headers and timestamp untouched, and says why, from where, when and by whom', () => {
    const before = new Date().toISOString();
    const letter = deadLetter(record, refused, 'stg');
    expect(letter).toMatchObject({ key: record.key, value: record.value, timestamp: '1691820435000' });
    expect(letter.headers!.slice(0, 4)).toEqual(record.headers);
    expect(own(letter)).toEqual({
      'dlq.reason': 'not_utf8',
      'dlq.message': 'the value is not UTF-8',
      'dlq.topic': 'order-service_orders',
      'dlq.partition': '3',
      'dlq.offset': '9223372036854775806',
      'dlq.timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      'dlq.service': 'stg',
    });
    const at = own(letter)['dlq.timestamp']!;
    expect(at >= before && at <= new Date().toISOString()).toBe(true);
  });

  it('keeps a message without key and value as it is', () => {
    expect(deadLetter({ ...record, key: null, value: null }, refused, 'stg')).toMatchObject({
      key: null,
      value: null,
    });
  });

  it('keeps headers that the message has under the same names; the last of a name counts', () => {
    const headers = [header('dlq.reason', 'empty'), header('dlq.offset', '1'), header('dlq.other', 'x')];
    const letter = deadLetter({ ...record, headers }, refused, 'dds');
    expect(original(letter)).toEqual(headers);
    expect(own(letter)).toMatchObject({
      'dlq.reason': 'not_utf8',
      'dlq.offset': record.offset,
      'dlq.service': 'dds',
    });
  });

  it('says the same by the names of Kafka Connect', () => {
    expect(connect(deadLetter(record, refused, 'stg'))).toEqual({
      '__connect.errors.topic': 'order-service_orders',
      '__connect.errors.partition': '3',
      '__connect.errors.offset': '9223372036854775806',
      '__connect.errors.connector.name': 'order-vault-stg',
      '__connect.errors.task.id': '0',
      '__connect.errors.stage': 'VALUE_CONVERTER',
      '__connect.errors.class.name': 'order-vault-stg',
      '__connect.errors.exception.class.name': 'not_utf8',
      '__connect.errors.exception.message': 'the value is not UTF-8',
      '__connect.errors.exception.stacktrace':
        'not_utf8: the value is not UTF-8\n\tat order-vault-stg(order-service_orders:3:9223372036854775806)\n',
    });
  });

  it('keeps the headers of Kafka Connect that the message came with', () => {
    const headers = [header('__connect.errors.topic', 'theirs')];
    const letter = deadLetter({ ...record, headers }, refused, 'stg');
    expect(original(letter)).toEqual(headers);
    expect(connect(letter)).toMatchObject({ '__connect.errors.topic': 'order-service_orders' });
  });

  it('adds less than 64 KiB, which dead-letter topics accept beyond the source, however much there is to say', () => {
    const message = `payload.user.id must stay ${'ы'.repeat(100_000)}, got x`;
    const letter = deadLetter(record, { ...refused, message }, 'stg');
    expect(messageBytes(letter) - messageBytes({ ...letter, headers: record.headers })).toBeLessThan(65_536);
  });
});

describe('a dead letter that its topic refuses', () => {
  const place = 'order-service_orders:3:9223372036854775806';

  /** What is sent after these refusals, one after the other. */
  function after(first: KafkaRecord, ...refusals: string[]): OutgoingMessage | undefined {
    return refusals.reduce<OutgoingMessage | undefined>(
      (letter, refusal) => letter?.instead!(refusal),
      deadLetter(first, refused, 'stg'),
    );
  }

  it('for its time has the present, and says its own', () => {
    const letter = after(record, 'INVALID_TIMESTAMP')!;
    expect(letter).toMatchObject({ key: record.key, value: record.value, timestamp: undefined });
    expect(original(letter)).toEqual(record.headers);
    expect(own(letter)).toMatchObject({
      'dlq.altered': 'timestamp',
      'dlq.original_timestamp': '1691820435000',
    });
    expect(letter.instead!('INVALID_TIMESTAMP')).toBeUndefined();
    expect(connect(letter)).toMatchObject({ '__connect.errors.stage': 'VALUE_CONVERTER' });
  });

  it('for its size goes without the headers of Kafka Connect first, and is whole', () => {
    const letter = after(record, 'MESSAGE_TOO_LARGE')!;
    expect(letter).toMatchObject({ key: record.key, value: record.value, timestamp: record.timestamp });
    expect(original(letter)).toEqual(record.headers);
    expect(connect(letter)).toEqual({});
    expect(own(letter)).toEqual({
      ...own(deadLetter(record, refused, 'stg')),
      'dlq.timestamp': expect.any(String),
    });
  });

  it('for its missing key has its place as key', () => {
    const letter = after({ ...record, key: null }, 'INVALID_RECORD')!;
    expect(letter).toMatchObject({ key: place, value: record.value, timestamp: record.timestamp });
    expect(own(letter)).toMatchObject({ 'dlq.altered': 'key' });
  });

  it('then goes without the value, then without headers and key, and says so', () => {
    const smaller = after(record, 'MESSAGE_TOO_LARGE', 'MESSAGE_TOO_LARGE')!;
    expect(smaller).toMatchObject({ key: record.key, value: null });
    expect(original(smaller)).toEqual(record.headers);
    const least = smaller.instead!('RECORD_LIST_TOO_LARGE')!;
    expect(least).toMatchObject({ key: place, value: null });
    expect(original(least)).toEqual([]);
    expect(own(least)).toMatchObject({ 'dlq.altered': 'value,key,headers', 'dlq.reason': 'not_utf8' });
    expect(least.instead!('MESSAGE_TOO_LARGE')).toBeUndefined();
  });

  it('always comes to an end', () => {
    for (const refusal of ['INVALID_RECORD', 'POLICY_VIOLATION', 'MESSAGE_TOO_LARGE']) {
      expect(after({ ...record, key: null }, ...Array<string>(6).fill(refusal))).toBeUndefined();
    }
  });
});
