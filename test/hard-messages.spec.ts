import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { StoredMessage } from './harness/scratch-topics';
import { usePipeline } from './harness/use-pipeline';

/*
 * Dictionary entries that mislead, and messages that are small on the way and large when they are read: each harms
 * itself alone.
 */
const pipeline = usePipeline();

function order(orderId: number, dish: { id: string; name: string }): string {
  return `{"object_id":${orderId},"object_type":"order","sent_dttm":"2023-08-12 06:07:15","payload":{
    "restaurant":{"id":"r1"},"date":"2023-08-05 06:28:54","user":{"id":"${dish.id === 'd1' ? 'u1' : 'u2'}"},
    "order_items":[{"id":"${dish.id}","name":"${dish.name}","price":400,"quantity":5}],
    "bonus_payment":0,"cost":2000,"payment":2000,"bonus_grant":0,"statuses":[],
    "final_status":"CLOSED","update_ts":"2023-08-05 06:28:54"}}`;
}

const user = '{"name":"Ольга","update_ts":"2023-08-11 16:44:59"}';
/** The second dish has a number for its id. */
const restaurant = `{"name":"Кубдари","update_ts":"2023-08-11 16:50:44","menu":[
  {"_id":"d1","name":"Аджапсандали","price":400,"category":"Закуски"},{"_id":5,"name":"Плов","price":350,"category":"Горячее"}]}`;

beforeAll(() => pipeline.dictionary.put({ u1: user, r1: restaurant }));

describe('a dish whose id is a number in the menu', () => {
  it('is no dish: an order of it waits, and those that wait with it are released', async () => {
    await pipeline.sendOrders([
      { partition: 4, value: order(4, { id: '5', name: 'Плов' }) },
      { partition: 4, value: order(5, { id: 'd2', name: 'Хинкали' }) },
    ]);
    await eventually(async () => expect(await parked()).toEqual(['4', '5']));
    const withDish = restaurant.replace(
      '"menu":[',
      '"menu":[{"_id":"d2","name":"Хинкали","category":"Горячее"},',
    );
    await pipeline.dictionary.put({ u2: user, r1: withDish.replace('16:50:44', '16:50:45') });
    await eventually(async () => expect(await parked()).toEqual(['4']));
    // It says what is missing once it was tried as well.
    await eventually(async () =>
      expect(
        await pipeline.database.rows(`SELECT missing FROM stg.pending_orders WHERE released_at IS NULL`),
      ).toEqual([{ missing: [{ kind: 'dish', id: '5', restaurant_id: 'r1' }] }]),
    );
  });

  async function parked(): Promise<string[]> {
    const rows = await pipeline.database.rows<{ object_id: string }>(
      'SELECT object_id FROM stg.pending_orders ORDER BY object_id',
    );
    return rows.map((row) => row.object_id);
  }
});

/**
 * The broker takes a batch for as large as it is compressed: these are far larger than any topic takes uncompressed.
 */
describe('a message that came compressed', () => {
  const broken = { partition: 0, value: `{"broken":"${'a'.repeat(1_500_000)}` };
  const growing = { partition: 1, value: order(1, { id: 'd1', name: 'a'.repeat(5_000_000) }) };
  const noOrder = { partition: 2, value: `{"object_type":"menu","note":"${'a'.repeat(12_000_000)}"}` };
  const large = { partition: 3, value: order(3, { id: 'd1', name: 'a'.repeat(2_000_000) }) };
  const many = Array.from({ length: 300 }, (_, place) => ({
    partition: 5,
    value: `{"${place}":"${'a'.repeat(10_000)}`,
  }));

  beforeAll(async () => {
    for (const messages of [[broken], [growing], [noOrder], [large], many]) {
      await pipeline.sendOrders(messages, { compressed: true });
    }
  });

  it('and is broken becomes a dead letter, as it came', async () => {
    const [letter] = await lettersFrom(0, 1);
    expect(reasonOf(letter!)).toBe('invalid_json');
    expect(valueOf(letter!) === broken.value).toBe(true);
  });

  it('and is too large for the next topic becomes a dead letter, as it came', async () => {
    const [letter] = await lettersFrom(1, 1);
    expect(reasonOf(letter!)).toBe('message_too_large');
    expect(valueOf(letter!) === growing.value).toBe(true);
  });

  it('and is no order is skipped, however large', async () => {
    await eventually(async () => {
      const skipped = `SELECT object_type FROM stg.skipped_messages WHERE partition = 2`;
      expect(await pipeline.database.rows(skipped)).toEqual([{ object_type: 'menu' }]);
    });
  });

  it('and is an order of two megabytes is counted', async () => {
    await eventually(async () => {
      const counted = 'SELECT object_id FROM cdm.order_versions WHERE object_id = 3';
      expect(await pipeline.database.rows(counted)).toEqual([{ object_id: '3' }]);
    });
  });

  it('with many others, all broken, becomes a dead letter, and so do they', async () => {
    const letters = await lettersFrom(5, many.length);
    expect(new Set(letters.map(reasonOf))).toEqual(new Set(['invalid_json']));
    const values = new Set(letters.map(valueOf));
    expect(many.filter(({ value }) => !values.has(value))).toEqual([]);
  });

  it('and fits into the dead-letter topic in no form becomes a dead letter without its value, which says so', async () => {
    const topic = 'stg-service-dlq';
    const before = (await lettersFrom(0, 1)).length;
    try {
      await pipeline.topics.limit(topic, 1_000);
      await pipeline.sendOrders([broken], { compressed: true });
      const letter = (await lettersFrom(0, before + 1)).at(-1)!;
      expect([letter.value, reasonOf(letter), headerOf(letter, 'dlq.altered')]).toEqual([
        null,
        'invalid_json',
        'value',
      ]);
      await eventually(async () => expect(await pipeline.unread('stg')).toEqual([]));
    } finally {
      await pipeline.topics.limit(topic, 1_114_124);
    }
  });
});

function lettersFrom(partition: number, count: number): Promise<StoredMessage[]> {
  return eventually(async () => {
    const letters = (await pipeline.deadLetters('stg')).filter(
      (letter) => headerOf(letter, 'dlq.partition') === String(partition),
    );
    expect(letters).toHaveLength(count);
    return letters;
  });
}

function reasonOf(letter: StoredMessage): string {
  return headerOf(letter, 'dlq.reason');
}

function headerOf({ headers }: StoredMessage, name: string): string {
  return String(headers[name]);
}

function valueOf({ value }: StoredMessage): string {
  return value!.toString();
}

function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 60_000, interval: 250 });
}
