import { beforeAll, describe, expect, inject, it } from 'vitest';
import { PARKED_ORDERS } from '../apps/stg/src/staging/parked-orders';
import { dictionary, menu, restaurantEntry, userEntry } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { runTool, type ToolRun } from './harness/run-tool';
import { usePipeline } from './harness/use-pipeline';
import { judge } from './oracle/source-message';

/*
 * npm run parked: orders that wait for the dictionary are listed, tried at once, or given up, while stg goes on with
 * them. Whatever an operator does, each has one fate.
 */
const pipeline = usePipeline({ partitions: 2 });
const brokers = inject('stack').KAFKA_BROKERS;
const time = '2024-01-01 00:00:00';
const operator = () => new URL(pipeline.database.loginUrls.operator).username;

function run(...args: string[]): Promise<ToolRun> {
  return runTool('parked', args, {
    DATABASE_URL: pipeline.database.loginUrls.operator,
  });
}

interface List {
  matching: number;
  orders: { object_id: string; missing: unknown[] }[];
  missing: { kind: string; id: string; restaurant_id: string | null; orders: number }[];
}

async function list(...args: string[]): Promise<List> {
  const { stdout, stderr } = await run('list', '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as List;
}

async function ids(query: string): Promise<number[]> {
  const rows = await pipeline.database.rows<{ object_id: string }>(query);
  return rows.map(({ object_id }) => Number(object_id)).sort((a, b) => a - b);
}

const parked = () => ids('SELECT object_id FROM stg.pending_orders');
const inMarts = () => ids('SELECT object_id FROM cdm.order_versions');

/** Orders of the dead letters with this reason. */
async function deadLetters(reason = 'no_dictionary'): Promise<number[]> {
  const letters = await pipeline.deadLetters('stg');
  return letters
    .filter(({ headers }) => String(headers['dlq.reason']) === reason)
    .map(({ value }) => (JSON.parse(String(value)) as { object_id: number }).object_id)
    .sort((a, b) => a - b);
}

beforeAll(async () => {
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([
    { value: sourceText({ id: 1, user: 'u-late' }), key: 'as it was', headers: { trace: ['a', 'b'] } },
    { value: sourceText({ id: 2, user: 'u-late', restaurant: 'r-late' }) },
    { value: sourceText({ id: 3, items: [line('d-late'), line('d1')] }), partition: 1 },
    { value: sourceText({ id: 4 }) },
  ]);
  await pipeline.settled();
});

describe.concurrent('list', () => {
  it('says who waits for what, and how many wait for each', async () => {
    const { matching, orders, missing } = await list();
    expect(matching).toBe(3);
    expect(orders.map(({ object_id }) => Number(object_id)).sort()).toEqual([1, 2, 3]);
    expect(missing).toEqual([
      { kind: 'user', id: 'u-late', restaurant_id: null, orders: 2 },
      { kind: 'dish', id: 'd-late', restaurant_id: 'r1', orders: 1 },
      { kind: 'restaurant', id: 'r-late', restaurant_id: null, orders: 1 },
    ]);
  });

  it.each([
    ['user', [1, 2]],
    ['user:u-late', [1, 2]],
    ['user:u1', []],
    ['restaurant', [2]],
    ['dish:d-late', [3]],
  ])('takes those for which %s is missing', async (missing, orders) => {
    const found = await list('--missing', missing);
    expect(found.orders.map(({ object_id }) => Number(object_id)).sort()).toEqual(orders);
  });

  it('takes those of an age, and of an order', async () => {
    expect((await list('--older-than', '0s')).matching).toBe(3);
    expect((await list('--older-than', '1d')).matching).toBe(0);
    expect((await list('--object-id', '2')).matching).toBe(1);
  });

  it('is for people, too', async () => {
    const { stdout } = await run('list', '--limit', '1');
    expect(stdout).toContain('user:u-late');
    expect(stdout).toContain('1 that wait longest of 3');
  });
});

describe('retry', () => {
  it('lets stg try at once what would wait longer', async () => {
    // A quarter of a minute is the longest that an order waits. stg comes back when it is seen whose time has come.
    await pipeline.service('stg').stop();
    await pipeline.database.rows(`UPDATE stg.pending_orders SET next_attempt_at = now() + interval '1 day'`);
    const due = () =>
      pipeline.database.rows('SELECT object_id FROM stg.pending_orders WHERE next_attempt_at <= now()');
    const extended = { ...menu, 'd-late': ['Late', 'Of late'] as [string, string] };
    await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'At home', extended, time) });

    const trial = await run('retry', '--missing', 'dish');
    expect(trial.stdout).toContain('would be tried at once: 1');
    expect(await due()).toEqual([]);

    const { stdout } = await run('retry', '--missing', 'dish', '--execute');
    expect(stdout).toContain('tries at once: 1');
    expect(await due()).toEqual([{ object_id: '3' }]);
    await pipeline.service('stg').start();
    await expect.poll(parked).toEqual([1, 2]);
    await pipeline.settled();
    expect(await inMarts()).toEqual([3, 4]);
  });
});

describe('discard', () => {
  it('changes nothing by default', async () => {
    const { stdout } = await run('discard', '--all');
    expect(stdout).toContain('would be discarded: 2');
    expect(await parked()).toEqual([1, 2]);
    expect(await deadLetters()).toEqual([]);
  });

  it('makes a dead letter of the message as it came, and keeps the version in staging', async () => {
    const { stdout } = await run('discard', '--object-id', '1', '--execute');
    expect(stdout).toContain(': 1');
    await expect.poll(parked).toEqual([2]);
    const letter = (await pipeline.deadLetters('stg')).find(({ headers }) => headers['dlq.reason'])!;
    expect(String(letter.value)).toBe(sourceText({ id: 1, user: 'u-late' }));
    expect(String(letter.key)).toBe('as it was');
    expect(letter.headers.trace).toEqual([Buffer.from('a'), Buffer.from('b')]);
    const said = Object.entries(letter.headers).filter(([name]) => name.startsWith('dlq.'));
    expect(Object.fromEntries(said.map(([name, value]) => [name, String(value)]))).toMatchObject({
      'dlq.reason': 'no_dictionary',
      'dlq.message': `${operator()} gave up waiting for user:u-late`,
      'dlq.topic': pipeline.topics.name('order-service_orders'),
      'dlq.partition': '0',
      'dlq.offset': '0',
      'dlq.service': 'stg',
    });
    expect(
      await pipeline.database.rows(
        'SELECT object_id, user_entry_pk FROM stg.order_events WHERE object_id = 1',
      ),
    ).toEqual([{ object_id: '1', user_entry_pk: null }]);
    await expect
      .poll(() => pipeline.database.rows('SELECT * FROM pipeline.dead_letters'))
      .toEqual([{ service: 'stg', reason: 'no_dictionary', messages: '1' }]);
  });

  it('is undone by a replay of the dead letter, when the entry has come', async () => {
    await pipeline.dictionary.put({ 'u-late': userEntry('u-late', 'Late user', time) });
    const { stdout } = await runTool(
      'dead-letters',
      [
        'replay',
        '--topic',
        pipeline.topics.name('stg-service-dlq'),
        '--reason',
        'no_dictionary',
        '--execute',
      ],
      { KAFKA_BROKERS: brokers, DATABASE_URL: pipeline.database.loginUrls.operator },
    );
    expect(stdout).toContain(': 1');
    await pipeline.settled();
    expect(await inMarts()).toEqual([1, 3, 4]);
    expect(await parked()).toEqual([2]);
  });

  it('holds until the message comes again: then it waits again', async () => {
    await run('discard', '--object-id', '2', '--execute');
    await expect.poll(parked).toEqual([]);
    await pipeline.replay();
    await pipeline.settled();
    expect(await parked()).toEqual([2]);
    expect(await inMarts()).toEqual([1, 3, 4]);
    expect(await deadLetters()).toEqual([1, 2]);
  });

  describe('while stg releases the same orders', () => {
    const first = 1_000;
    const orders = 1_200;
    const late = (id: number) => id >= first;

    beforeAll(async () => {
      await pipeline.sendOrders(
        Array.from({ length: orders }, (_, place) => ({
          value: sourceText({ id: first + place, user: 'u-race' }),
          partition: place % 2,
        })),
      );
      await pipeline.settled();
    });

    /** stg does not wait: it looks again a second later. */
    const toolsThatWait = () =>
      pipeline.database.rows(
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );

    it('leaves each with one fate: processed or a dead letter', async () => {
      expect((await parked()).filter(late)).toHaveLength(orders);
      await pipeline.database.rows(
        `UPDATE stg.pending_orders SET next_attempt_at = now() + CASE WHEN object_id % 2 = 0 THEN interval '14 seconds' ELSE interval '0' END`,
      );
      // Held until one of the tools waits, so that it has a step before stg: the start of a tool takes its time.
      const holder = await pipeline.database.pool.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT pg_advisory_xact_lock(hashtext($1))', [PARKED_ORDERS]);
      await pipeline.dictionary.put({ 'u-race': userEntry('u-race', 'Racer', time) });
      const discarding = Promise.all([
        run('discard', '--missing', 'user:u-race', '--execute'),
        run('discard', '--older-than', '0s', '--missing', 'user', '--execute'),
      ]);
      await expect.poll(toolsThatWait).not.toEqual([]);
      await holder.query('COMMIT');
      holder.release();
      await discarding;
      await pipeline.settled();
      expect((await parked()).filter(late)).toEqual([]);
      const processed = (await inMarts()).filter(late);
      const refused = (await deadLetters()).filter(late);
      expect([...processed, ...refused].sort((a, b) => a - b)).toEqual(
        Array.from({ length: orders }, (_, place) => first + place),
      );
      expect(refused.length).toBeGreaterThan(0);
    });
  });
});

it('every message of the source has a fate: each version is passed on, parked or a dead letter', async () => {
  const staged = await pipeline.database.rows<{
    object_id: string;
    order_version: string;
    enriched: boolean;
  }>(`
    SELECT object_id, order_version, user_entry_pk IS NOT NULL AS enriched FROM stg.order_events
    UNION ALL SELECT object_id, order_version, user_entry_pk IS NOT NULL FROM stg.superseded_order_events`);
  const waiting = new Set(await parked());
  const given = new Set(await deadLetters());
  const fates = new Map(
    staged.map(({ object_id: id, order_version: version, enriched }) => [
      `${id} ${version}`,
      enriched || waiting.has(Number(id)) || given.has(Number(id)),
    ]),
  );
  for (const { value } of await pipeline.topics.read('order-service_orders')) {
    const judgement = judge(value);
    if (judgement.kind !== 'order') {
      throw new Error('all messages of this test are orders');
    }
    expect(fates.get(`${judgement.order.orderId} ${judgement.order.version}`)).toBe(true);
  }
});

describe.concurrent('the tool', () => {
  it.each([
    ['an unknown command', ['drop'], "'drop'"],
    ['an unknown option', ['list', '--age', '1h'], '--age'],
    ['an unknown kind', ['list', '--missing', 'cook'], "'cook'"],
    ['no age', ['list', '--older-than', 'long'], "'long'"],
    ['no order', ['discard', '--object-id', 'x'], "'x'"],
    ['no number', ['list', '--limit', '-1'], '--limit'],
    ['no filter', ['discard', '--execute'], '--all'],
    ['a filter and all', ['retry', '--all', '--missing', 'user'], '--all'],
  ])('refuses %s and names it', async (_, args, said) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });

  it('names the variable of a database that is not there, without the password', async () => {
    const environment = { DATABASE_URL: 'postgres://someone:hush@127.0.0.1:1/warehouse' };
    const { code, stderr } = await runTool('parked', ['list'], environment);
    expect(code).toBe(1);
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).not.toContain('hush');
  });

  it('explains itself', async () => {
    const { stdout, code } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('discard');
  });
});
