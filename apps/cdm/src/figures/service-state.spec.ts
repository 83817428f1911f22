import { describe, expect, it } from 'vitest';
import { encodeJson } from '@app/values/json-text';
import { serviceAnswer, staleSince, type ServiceRow } from './service-state';

const now = new Date('2024-03-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - 1000 * seconds);

function row(changes: Partial<ServiceRow> = {}): ServiceRow {
  return {
    service: 'stg',
    source_topic: 'orders',
    consumer_group: 'group',
    dead_letter_topic: 'letters',
    messages_per_second: 2.5,
    last_message_delay: 0.125,
    parked: [{ missing: 'user', orders: 2 }],
    newest_object_id: '9007199254740993',
    newest_order_version: 'v1',
    newest_at: ago(19),
    seen_at: ago(1),
    dead_letters: [{ reason: 'empty', messages: 3 }],
    ...changes,
  };
}

const reported = { lag: 0, deadLetters: 3 };

describe('serviceAnswer', () => {
  it('says what the service and the broker reported', () => {
    expect(JSON.parse(encodeJson(serviceAnswer('stg', row(), reported)))).toEqual({
      service: 'stg',
      lag: 0,
      messages_per_second: 2.5,
      freshness_seconds: 0.125,
      parked: [{ missing: 'user', orders: 2 }],
      dead_letters: [{ reason: 'empty', messages: 3, open: 3 }],
      dead_letter_topic: 'letters',
      newest_version: {
        object_id: expect.any(Number) as number,
        order_version: 'v1',
        at: ago(19).toISOString(),
      },
      seen_at: ago(1).toISOString(),
    });
  });

  it('keeps every digit of an order id', () => {
    expect(encodeJson(serviceAnswer('stg', row(), reported))).toContain('"object_id":9007199254740993,');
  });

  it('is as late as messages have been waiting', () => {
    const waiting = { ...reported, lag: 1, behindSeconds: 5 };
    expect(serviceAnswer('stg', row(), waiting).freshness_seconds).toBe(5);
    expect(serviceAnswer('stg', row({ last_message_delay: 7 }), waiting).freshness_seconds).toBe(7);
    const none = row({ last_message_delay: null });
    expect(serviceAnswer('stg', none, waiting).freshness_seconds).toBe(5);
    expect(serviceAnswer('stg', none, reported).freshness_seconds).toBe(null);
  });

  it('names dead letters that no process reported', () => {
    expect(serviceAnswer('stg', row(), { ...reported, deadLetters: 5 }).dead_letters).toEqual([
      { reason: 'empty', messages: 3, open: 3 },
      { reason: 'unknown', messages: 2, open: 2 },
    ]);
    for (const deadLetters of [null, 0, 3]) {
      expect(serviceAnswer('stg', row(), { ...reported, deadLetters }).dead_letters).toHaveLength(1);
    }
  });

  it('counts what operators have done with as no longer open', () => {
    const open = (...done: [topic: string, reason: string | null, letters: number][]) =>
      serviceAnswer(
        'stg',
        row(),
        { ...reported, deadLetters: 5 },
        done.map(([topic, reason, letters]) => ({ topic, reason, letters })),
      ).dead_letters.map((count) => count.open);
    expect(open(['letters', 'empty', 2])).toEqual([1, 2]);
    expect(open(['others', 'empty', 2])).toEqual([3, 2]);
    expect(open(['letters', null, 1], ['letters', 'not_utf8', 1])).toEqual([3, 0]);
    expect(open(['letters', 'empty', 4])).toEqual([0, 1]);
    expect(open(['letters', 'empty', 9])).toEqual([0, 0]);
  });

  it('knows nothing of a service that never reported', () => {
    expect(serviceAnswer('dds', undefined, { lag: null, deadLetters: null })).toMatchObject({
      service: 'dds',
      lag: null,
      seen_at: null,
      newest_version: null,
    });
  });
});

describe('staleSince', () => {
  const since = (changes: Partial<ServiceRow>, lag: number | null = 0, behindSeconds?: number) =>
    staleSince([serviceAnswer('stg', row(changes), { lag, behindSeconds, deadLetters: 0 })], now);

  it('is nothing while all services report, and get on', () => {
    expect(since({})).toBe(null);
    expect(since({ last_message_delay: 3_600 })).toBe(null);
    expect(since({}, 5, 59)).toBe(null);
    expect(since({}, null)).toBe(null);
  });

  it('is when a service reported last', () => {
    expect(since({ seen_at: ago(16) })).toEqual(ago(16));
  });

  it('is now where a service reported last before the clock was set back', () => {
    expect(since({ seen_at: ago(-3_600) })).toEqual(now);
    expect(since({ seen_at: ago(-1) })).toBe(null);
  });

  it('is since when messages wait, and when the last one was sent that came late', () => {
    expect(since({}, 5, 61)).toEqual(ago(61));
    expect(since({ last_message_delay: 3_600 }, 5, 1)).toEqual(ago(3_600));
  });

  it('is now where a service never reported', () => {
    const never = serviceAnswer('dds', undefined, { lag: null, deadLetters: null });
    expect(staleSince([never], now)).toEqual(now);
  });
});
