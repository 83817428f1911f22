import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { orderVersion } from './order-version';

const message = Buffer.from('{"object_id":1}');
const digest = createHash('sha256').update(message).digest('hex').slice(0, 32);

describe('orderVersion', () => {
  it('is update_ts, sent_dttm and the digest of the message, the times with six fraction digits', () => {
    expect(orderVersion('2023-08-05T06:28:54', '2023-08-12 06:07:15.25', message)).toBe(
      `2023-08-05 06:28:54.000000|2023-08-12 06:07:15.250000|${digest}`,
    );
  });

  it('has the SHA-256 of the bytes, the first 128 bits in hex', () => {
    expect(orderVersion('2023-08-05 06:28:54', '2023-08-12 06:07:15', Buffer.from('abc'))).toMatch(
      /\|ba7816bf8f01cfea414140de5dae2223$/,
    );
  });

  it('sorts by update_ts, then by sent_dttm, then by the digest', () => {
    const other = Buffer.from('{"object_id":1} ');
    const sent = '2023-08-12 06:07:15';
    const versions = [
      orderVersion('2023-08-05 06:28:54', '2023-08-12 06:07:15.000001', message),
      orderVersion('2023-08-05 06:28:54.000001', '2023-08-11 00:00:00', message),
      orderVersion('2023-08-05 06:28:54.5', '2023-08-11 00:00:00', message),
      orderVersion('2023-08-05 06:28:55', '2023-08-11 00:00:00', message),
      orderVersion('2023-08-05 06:28:55', '2023-08-11 00:00:00.1', message),
      orderVersion('2024-01-01 00:00:00', sent, message),
    ];
    expect(versions.toSorted()).toEqual(versions);
    expect(orderVersion(sent, sent, other)).not.toBe(orderVersion(sent, sent, message));
  });

  it('is the same for one message whenever it is read, and however its times are written in it', () => {
    const versions = ['2023-08-05 06:28:54', '2023-08-05T06:28:54', '2023-08-05 06:28:54.0'].map((time) =>
      orderVersion(time, time, message),
    );
    expect(new Set(versions).size).toBe(1);
  });
});
