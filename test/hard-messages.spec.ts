import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { StoredMessage } from './harness/scratch.topics';
import { usePipeline } from './harness/use-pipeline';

/*
 * Dictionary entries that mislead, and messages that are small on the way and large when they are read: each harms itself alone.
 */
const pipeline = usePipeline();

function order(objectId: number, dish: { id: string; name: string }): string {
  return `{"object_id":${objectId},"object_type":"order","sent_dttm":"2023-08-12 06:07:15","payload":{
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
    expect(
      await pipeline.database.rows(`SELECT missing FROM stg.pending_orders WHERE released_at IS NULL`),
    ).toEqual([{ missing: [{ kind: 'dish', id: '5', restaurant_id: 'r1' }] }]);
  });

  async function parked(): Promise<string[]> {
    const rows = await pipeline.database.rows<{ object_id: string }>(
      'SELECT object_id FROM stg.pending_orders ORDER BY object_id',
    );
    return rows.map((row) => row.object_id);
  }
});

/** The broker takes a batch for as large as it is compressed: these are far larger than any topic takes uncompressed. */
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

  it('waits, and the log tells why, until the dead-letter topic takes it at least compressed', async () => {
    const topic = 'stg-service-dlq';
    const refused = `${pipeline.topics.name(topic)} takes 1000 bytes at most`;
    const before = (await lettersFrom(0, 1)).length;
    try {
      await pipeline.topics.limit(topic, 1_000);
      await pipeline.sendOrders([broken], { compressed: true });
      await eventually(async () => expect(logLines(refused)).toHaveLength(1));
      expect(logLines(refused)[0]).toMatch(/: 15\d{5} are too large for it, even compressed/);
      await sleep(3_000);
      // Tried every second, and logged once a minute.
      expect(logLines(refused)).toHaveLength(1);
      expect(await pipeline.unread('stg')).toHaveLength(1);
      expect(await lettersFrom(0, before)).toHaveLength(before);

      await pipeline.topics.limit(topic, 10_000);
      const letters = await lettersFrom(0, before + 1);
      expect(letters.every((letter) => valueOf(letter) === broken.value)).toBe(true);
    } finally {
      await pipeline.topics.limit(topic, 1_114_124);
    }
  });

  function logLines(text: string): string[] {
    const lines = readFileSync(pipeline.service('stg').log, 'utf8').split('\n');
    return lines.filter((line) => line.includes('waiting: ') && line.includes(text));
  }
});

/** The dead letters of messages of a partition, when there are so many. */
function lettersFrom(partition: number, count: number): Promise<StoredMessage[]> {
  return eventually(async () => {
    const letters = (await pipeline.deadLetters('stg')).filter(
      ({ headers }) => String(headers['dlq.partition']) === String(partition),
    );
    expect(letters).toHaveLength(count);
    return letters;
  });
}

function reasonOf({ headers }: StoredMessage): string {
  return String(headers['dlq.reason']);
}

function valueOf({ value }: StoredMessage): string {
  return value!.toString();
}

function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 250 });
}
