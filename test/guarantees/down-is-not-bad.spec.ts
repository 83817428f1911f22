import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, it } from 'vitest';
import { usePipeline } from '../harness/use-pipeline';
import { isLong } from '../history/seed';
import { dictionary, menu, restaurantEntry, userEntry } from './orders/small-town';
import { line, sourceText } from './orders/source-text';
import { MirroredHistory } from './orders/mirrored-history';

/*
 * Guarantee 7, as to the dictionary: a missing entry means parked and tried again until it appears. No order reaches
 * the marts with a made-up name or category, and a parked order never blocks those behind it. The oracle knows who must
 * be where after each step.
 */
const time = '2024-01-01 00:00:00';

/** The menu with one dish more, as of then. */
function atHomeWith(dish: string, names: [dish: string, category: string], since: string): string {
  return restaurantEntry('r1', 'At home', { ...menu, [dish]: names }, since);
}

describe('an order whose dictionary entry is missing', () => {
  const pipeline = usePipeline();
  const history = new MirroredHistory(pipeline);

  beforeAll(() => history.step({ dictionary }));

  async function parked(): Promise<number[]> {
    const rows = await pipeline.database.rows<{ object_id: string }>(
      'SELECT object_id FROM stg.pending_orders ORDER BY object_id',
    );
    return rows.map(({ object_id }) => Number(object_id));
  }

  async function inMarts(): Promise<number[]> {
    const rows = await pipeline.database.rows<{ object_id: string }>(
      'SELECT object_id FROM cdm.order_versions ORDER BY object_id',
    );
    return rows.map(({ object_id }) => Number(object_id));
  }

  it('waits, while those behind it go on', { tags: ['short'] }, async () => {
    await history.step({
      messages: [
        sourceText({ id: 1, user: 'u-late' }),
        sourceText({ id: 2 }),
        sourceText({ id: 3, restaurant: 'r-late' }),
        sourceText({ id: 4, items: [line('d1'), line('d-late')] }),
        sourceText({ id: 5, user: 'u-late', restaurant: 'r-late', items: [line('d-late')] }),
        sourceText({ id: 6, user: 'u2' }),
      ],
    });
    expect(await parked()).toEqual([1, 3, 4, 5]);
    expect(await inMarts()).toEqual([2, 6]);
    expect(await pipeline.deadLetters('stg')).toEqual([]);
    expect(await history.differences()).toEqual([]);
  });

  it.each([
    ['the user', { 'u-late': userEntry('u-late', 'Late user', time) }, [3, 4, 5], [1, 2, 6]],
    ['the restaurant', { 'r-late': restaurantEntry('r-late', 'Late', menu, time) }, [4, 5], [1, 2, 3, 6]],
    [
      'the dish in one menu',
      { r1: atHomeWith('d-late', ['Late', 'Of late'], '2024-02-01 00:00:00') },
      [5],
      [1, 2, 3, 4, 6],
    ],
    [
      'the dish in the other menu',
      {
        'r-late': restaurantEntry(
          'r-late',
          'Late',
          { 'd-late': ['Later', 'Of late'] },
          '2024-02-01 00:00:00',
        ),
      },
      [],
      [1, 2, 3, 4, 5, 6],
    ],
  ])('goes on when %s appears', { tags: ['short'] }, async (_, entries, stillParked, arrived) => {
    await history.step({ dictionary: entries });
    expect(await parked()).toEqual(stillParked);
    expect(await inMarts()).toEqual(arrived);
    expect(await history.differences()).toEqual([]);
  });

  it('is overtaken by a newer version, and then changes no counter', async () => {
    const older = { id: 11, items: [line('d-11')], updateTs: '2024-03-01 13:00:00' };
    const newer = { id: 11, items: [line('d3')], updateTs: '2024-03-01 13:30:00' };
    await history.step({ messages: [sourceText(older), sourceText(newer)] });
    expect(await parked()).toEqual([11]);
    expect(await history.differences()).toEqual([]);
    await history.step({
      dictionary: { r1: atHomeWith('d-11', ['Eleven', 'Numbers'], '2024-02-02 00:00:00') },
    });
    expect(await parked()).toEqual([]);
    expect(await history.differences()).toEqual([]);
    expect(await counted('Eleven')).toBe(false);
  });

  it('wins in the marts when it is the newest, however long it waited', async () => {
    const older = { id: 12, user: 'u7', items: [line('d3')], updateTs: '2024-03-01 13:00:00' };
    const newer = { id: 12, user: 'u7', items: [line('d-12')], updateTs: '2024-03-01 13:30:00' };
    await history.step({ messages: [sourceText(newer)] });
    await history.step({ messages: [sourceText(older)] });
    expect(await history.differences()).toEqual([]);
    await history.step({
      dictionary: { r1: atHomeWith('d-12', ['Twelve', 'Numbers'], '2024-02-03 00:00:00') },
    });
    expect(await history.differences()).toEqual([]);
    expect(await counted('Twelve')).toBe(true);
  });

  it('has a dish that is gone from the menu: the newest menu that had it decides', async () => {
    await history.step({
      dictionary: { r1: restaurantEntry('r1', 'At home', { d3: menu.d3! }, '2024-04-01 00:00:00') },
      messages: [
        sourceText({ id: 13, user: 'u8', items: [line('d1'), line('d3'), line('d-11')] }),
        sourceText({ id: 14, user: 'u8', items: [line('d3'), line('d-never')] }),
      ],
    });
    expect(await parked()).toEqual([14]);
    expect(await history.differences()).toEqual([]);
  });

  it('waits as well where the entry cannot be used, and that is reported', async () => {
    const bad = [
      ['no JSON', '{'],
      ['empty', ''],
      ['a list', '[]'],
      ['without a name', '{"_id":"x","login":"x"}'],
      ['of an impossible time', '{"_id":"x","name":"X","update_ts":"2024-02-30 00:00:00"}'],
      ['with a NUL', '{"_id":"x","name":"X\\u0000"}'],
    ].map(([what, entry], place) => ({ what, user: `u ${what}`, entry: entry!, id: 101 + place }));
    const entries = Object.fromEntries(bad.map(({ user, entry }) => [user, entry]));
    await history.step({
      dictionary: entries,
      messages: bad.map(({ id, user }) => sourceText({ id, user, restaurant: 'r2' })),
    });
    expect(await parked()).toEqual([14, ...bad.map(({ id }) => id)]);
    const log = readFileSync(pipeline.service('stg').log, 'utf8').split('\n');
    for (const { what, user } of bad) {
      const lines = log.filter((text) => text.includes('unusable') && text.includes(user));
      expect([what, lines]).toEqual([what, [expect.any(String)]]);
    }
    expect(await history.differences()).toEqual([]);
    await history.step({
      dictionary: Object.fromEntries(bad.map(({ user }) => [user, userEntry(user, 'Good now', time)])),
    });
    expect(await parked()).toEqual([14]);
    expect(await history.differences()).toEqual([]);
    // Bad again: the newest stored one serves.
    await history.step({
      dictionary: entries,
      messages: bad.map(({ id, user }) => sourceText({ id: id + 100, user, restaurant: 'r2' })),
    });
    expect(await parked()).toEqual([14]);
    expect(await history.differences()).toEqual([]);
  });

  it('waits as well where the entry is not UTF-8, or the key holds no text', async () => {
    const redis = new Redis(pipeline.dictionary.url);
    try {
      await redis.set('u-bytes', Buffer.from([0x7b, 0xff, 0x7d]));
      await redis.rpush('u-list', 'a', 'b');
      await history.step({
        messages: [
          sourceText({ id: 401, user: 'u-bytes', restaurant: 'r2' }),
          sourceText({ id: 402, user: 'u-list', restaurant: 'r2' }),
          sourceText({ id: 403, user: 'u3', restaurant: 'r2' }),
        ],
      });
      expect(await parked()).toEqual([14, 401, 402]);
      await redis.del('u-list');
    } finally {
      redis.disconnect();
    }
    await history.step({
      dictionary: {
        'u-bytes': userEntry('u-bytes', 'Bytes', time),
        'u-list': userEntry('u-list', 'List', time),
      },
    });
    expect(await parked()).toEqual([14]);
    expect(await history.differences()).toEqual([]);
  });

  it('waits still after a restart and after a kill, and goes on afterwards', async () => {
    await history.step({ messages: [sourceText({ id: 501, user: 'u-501', restaurant: 'r2' })] });
    await pipeline.service('stg').restart();
    await pipeline.service('stg').kill();
    if (!isLong) {
      await pipeline.evict('stg');
    }
    await pipeline.service('stg').start();
    await pipeline.settled();
    expect(await parked()).toEqual([14, 501]);
    await history.step({ dictionary: { 'u-501': userEntry('u-501', 'After all', time) } });
    expect(await parked()).toEqual([14]);
    expect(await history.differences()).toEqual([]);
  });

  async function counted(dish: string): Promise<boolean> {
    const found = await pipeline.database.rows(
      'SELECT FROM cdm.user_product_counters WHERE product_name = $1',
      [dish],
    );
    return found.length > 0;
  }
});

describe('many parked orders', () => {
  const ORDERS = isLong ? 10_000 : 1_000;
  /** The longest pause between two attempts is 15 s; then it is work for seconds, more of them on a busy machine. */
  const RELEASE_MS = isLong ? 120_000 : 60_000;
  const MEMORY_MIB = 256;

  const pipeline = usePipeline();

  it(
    `${ORDERS} of them are released in seconds, each once though three replicas live, in bounded memory`,
    async () => {
      const { r1, ...others } = dictionary;
      await pipeline.dictionary.put(others);
      const replicas = [pipeline.replica('stg'), pipeline.replica('stg')];
      await Promise.all(replicas.map((replica) => replica.start()));
      await pipeline.sendOrders(
        Array.from({ length: ORDERS }, (_, place) => ({
          value: sourceText({ id: place + 1, user: `u${(place % 12) + 1}` }),
          partition: place % 6,
        })),
      );
      await expect.poll(waiting, { timeout: RELEASE_MS, interval: 200 }).toBe(ORDERS);
      await pipeline.dictionary.put({ r1: r1! });
      const begin = Date.now();
      await expect.poll(waiting, { timeout: RELEASE_MS, interval: 200 }).toBe(0);
      console.log(`${ORDERS} parked orders released in ${Date.now() - begin} ms`);
      await pipeline.settled(RELEASE_MS);

      const outputs = await pipeline.outputs('stg');
      const ids = outputs.map(({ value }) => JSON.parse(value!.toString()).object_id as number);
      expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: ORDERS }, (_, place) => place + 1));
      for (const replica of [pipeline.service('stg'), ...replicas]) {
        const peak = peakMemory(replica.pid);
        console.log(`a replica of stg had at most ${peak} MiB`);
        expect(peak).toBeLessThan(MEMORY_MIB);
      }
      const [marts] = await pipeline.database.rows(
        'SELECT count(*)::int AS orders, (SELECT sum(order_cnt)::int FROM cdm.user_product_counters) AS counted FROM cdm.order_versions',
      );
      expect(marts).toEqual({ orders: ORDERS, counted: ORDERS });
    },
    4 * RELEASE_MS,
  );

  async function waiting(): Promise<number> {
    const [row] = await pipeline.database.rows<{ orders: number }>(
      'SELECT count(*)::int AS orders FROM stg.pending_orders',
    );
    return row!.orders;
  }
});

/** The most resident memory that a process ever had, in MiB. */
function peakMemory(pid: number): number {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kibibytes) / 1024);
}
