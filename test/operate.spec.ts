import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { roles, type Role } from '@app/contracts/api-roles';
import { dictionary, userEntry } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { runTool } from './harness/run-tool';
import type { ServiceProcess } from './harness/service-process';
import { usePipeline } from './harness/use-pipeline';

/*
 * What operators do from the page, by the API of cdm: refused messages and parked orders are listed, shown, replayed
 * and discarded, by those who may, and it is kept who did it.
 */
const pipeline = usePipeline({ partitions: 2 });
const SECRET = 'Secretova';
const time = '2024-01-01 00:00:00';
const tokens = {} as Record<Role, string>;
let cdm: ServiceProcess;

beforeAll(async () => {
  const users = join(pipeline.logs, 'api-users');
  for (const role of roles) {
    const { stdout, stderr } = await runTool('api-user', [`Olga the ${role}`, '--role', role], {});
    appendFileSync(users, stdout);
    tokens[role] = /: (\S+)\s*$/.exec(stderr)![1]!;
  }
  cdm = pipeline.replica('cdm', { API_USERS: users });
  await cdm.start();
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([
    { value: sourceText({ id: 1 }) },
    { value: sourceText({ id: 2, items: [line('d1', 100, 0)] }), key: 'k2', headers: { trace: 'a' } },
    { value: `{"object_id": 71, "note": "${SECRET}"` },
    { value: sourceText({ id: 4, user: 'u-late' }), partition: 1 },
    { value: sourceText({ id: 5, user: 'u-later' }), partition: 1 },
    { value: Buffer.from([0x7b, 0xff, 0x3c]), partition: 1 },
  ]);
  await pipeline.settled();
});

interface Letter {
  topic: string;
  partition: number;
  offset: string;
  reason: string;
  field: string | null;
  order_id: string | null;
  state: string;
  done_by: string | null;
}

interface Page {
  letters: Letter[];
  next: string | null;
  held: number;
  left: number;
  counts: { reason: string; topic: string; messages: number; open: number }[];
}

async function ask<Answer>(
  path: string,
  { role = 'operator' as Role, status = 200, method = 'GET' } = {},
): Promise<Answer> {
  const response = await fetch(`${cdm.url}/api/${path}`, {
    method,
    headers: { Authorization: `Bearer ${tokens[role]}` },
  });
  const answer = (await response.json()) as Answer;
  expect([path, response.status, response.status === status ? '' : answer]).toEqual([path, status, '']);
  return answer;
}

const post = <Answer>(path: string, options = {}) => ask<Answer>(path, { method: 'POST', ...options });
const list = (query = '', state = 'all') => ask<Page>(`dead-letters?state=${state}&${query}`);
const pathOf = ({ topic, partition, offset }: Letter) => `dead-letters/${topic}/${partition}/${offset}`;
const only = async (query: string, state?: string) => {
  const { letters } = await list(query, state);
  expect(letters).toHaveLength(1);
  return letters[0]!;
};
const inMarts = async () => {
  const rows = await pipeline.database.rows<{ object_id: string }>(
    'SELECT object_id FROM cdm.order_versions ORDER BY object_id',
  );
  return rows.map(({ object_id: id }) => Number(id));
};

describe('dead letters', () => {
  it('are listed with why and where, and without what they hold', async () => {
    const page = await list();
    expect(page).toMatchObject({ next: null, held: 3, left: 0 });
    expect(page.letters.map(({ reason, field, order_id }) => [reason, field, order_id]).toSorted()).toEqual([
      ['invalid_json', null, '71'],
      ['invalid_message', 'payload.order_items[0].quantity', '2'],
      ['not_utf8', null, null],
    ]);
    expect(JSON.stringify(page)).not.toContain(SECRET);
    await expect
      .poll(async () => (await list()).counts.map(({ reason, messages, open }) => [reason, messages, open]))
      .toEqual([
        ['invalid_json', 1, 1],
        ['invalid_message', 1, 1],
        ['not_utf8', 1, 1],
      ]);
  });

  it('are found by service, topic, reason, order and time, in pages', async () => {
    const all = (await list()).letters;
    const topic = pipeline.topics.name('stg-service-dlq');
    const numberOf = async (query: string) => (await list(query)).letters.length;
    expect(await numberOf('service=stg')).toBe(3);
    expect(await numberOf('service=dds')).toBe(0);
    expect(await numberOf(`topic=${topic}`)).toBe(3);
    expect(await numberOf('reason=not_utf8')).toBe(1);
    expect(await numberOf('object_id=71')).toBe(1);
    expect(await numberOf('until=2024-01-01T00:00:00Z')).toBe(0);
    expect(await numberOf('since=2024-01-01T00:00:00Z')).toBe(3);
    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${first.next}`);
    expect([...first.letters, ...second.letters]).toEqual(all);
    expect(first.left).toBe(1);
    expect(second).toMatchObject({ next: null, left: 0 });
  });

  it('are shown whole, byte for byte', async () => {
    const whole = await ask<Record<string, unknown>>(pathOf(await only('object_id=2')));
    expect(whole).toMatchObject({
      because: expect.stringContaining('quantity') as string,
      key: { text: 'k2' },
      value: { text: sourceText({ id: 2, items: [line('d1', 100, 0)] }) },
      headers: [{ name: { text: 'trace' }, value: { text: 'a' } }],
    });
    const bytes = await ask<{ value: unknown }>(pathOf(await only('reason=not_utf8')));
    expect(bytes.value).toEqual({ bytes: 3, text: null, base64: 'e/88' });
  });

  it('refuses what is no dead letter, and names it', async () => {
    const shown = async (path: string, status: number) =>
      (await ask<{ detail: string }>(path, { status })).detail;
    expect(await shown(`dead-letters/${pipeline.topics.name('order-service_orders')}/0/0`, 404)).toContain(
      'no service writes dead letters to this topic',
    );
    const topic = pipeline.topics.name('stg-service-dlq');
    expect(await shown(`dead-letters/${topic}/0/99`, 404)).toContain(`${topic}:0:99 isn't there`);
    expect(await shown(`dead-letters/${topic}/9/0`, 404)).toContain('no partition 9');
    expect(await shown('dead-letters?reason=bad', 400)).toContain('got "bad"');
    expect(await shown('dead-letters?since=yesterday', 400)).toContain('since must be a time with a zone');
    expect(await shown('dead-letters?cursor=orders:0:1', 400)).toContain('cursor must be the next');
  });

  it('are replayed by an operator alone, who sees before what will happen', async () => {
    const letter = await only('object_id=71');
    for (const role of ['viewer', 'analyst', 'editor'] as const) {
      await post(`${pathOf(letter)}/replay?execute=true`, { role, status: 403 });
      await post(`${pathOf(letter)}/discard?execute=true`, { role, status: 403 });
      await post('dead-letters/replay?all=true&execute=true', { role, status: 403 });
    }
    await ask('dead-letters', { role: 'viewer', status: 403 });
    await ask('dead-letters', { role: 'analyst' });
    const source = pipeline.topics.name('order-service_orders');
    expect(await post(`${pathOf(letter)}/replay`)).toEqual({
      executed: false,
      sent: [{ topic: source, messages: 1 }],
      discarded: 0,
      done_before: 0,
      not_sendable: 0,
    });
    expect((await only('object_id=71')).state).toBe('open');
  });

  it('count once when they are replayed twice, after the cause is mended', async () => {
    await pipeline.database.rows(
      'ALTER TABLE stg.order_events ADD CONSTRAINT spoiled CHECK (object_id <> 9)',
    );
    await pipeline.sendOrders([{ value: sourceText({ id: 9 }) }]);
    await pipeline.settled();
    expect(await inMarts()).toEqual([1]);
    const letter = await only('object_id=9');
    expect(letter.reason).toBe('database_refused');
    await pipeline.database.rows('ALTER TABLE stg.order_events DROP CONSTRAINT spoiled');
    const replayed = await post<{ sent: { messages: number }[] }>(`${pathOf(letter)}/replay?execute=true`);
    expect(replayed.sent).toEqual([{ topic: pipeline.topics.name('order-service_orders'), messages: 1 }]);
    expect(await post(`${pathOf(letter)}/replay?execute=true`)).toMatchObject({ sent: [], done_before: 1 });
    await post(`${pathOf(letter)}/replay?execute=true&again=true`);
    await pipeline.settled();
    expect(await inMarts()).toEqual([1, 9]);
    expect(await pipeline.database.rows('SELECT order_cnt FROM cdm.product_popularity')).toEqual([
      { order_cnt: 2 },
    ]);
    expect(await only('object_id=9')).toMatchObject({ state: 'replayed', done_by: 'Olga the operator' });
    await expect
      .poll(async () => (await list()).counts.filter(({ reason }) => reason === 'database_refused'))
      .toMatchObject([{ messages: 1, open: 0 }]);
  });

  it('are discarded: listed and counted as open no longer', async () => {
    expect(await post('dead-letters/discard?reason=not_utf8')).toMatchObject({
      executed: false,
      discarded: 1,
    });
    expect(await post('dead-letters/discard?reason=not_utf8&execute=true')).toMatchObject({
      executed: true,
      discarded: 1,
      next: null,
      left: 0,
    });
    const open = await ask<Page>('dead-letters');
    expect(open.letters.map(({ reason }) => reason).toSorted()).toEqual(['invalid_json', 'invalid_message']);
    expect(open.counts.find(({ reason }) => reason === 'not_utf8')).toMatchObject({ messages: 1, open: 0 });
    expect(await only('', 'discarded')).toMatchObject({ reason: 'not_utf8', done_by: 'Olga the operator' });
  });

  it('of many are replayed at once, and need a filter or all', async () => {
    const { detail } = await post<{ detail: string }>('dead-letters/replay?execute=true', { status: 400 });
    expect(detail).toContain('all must be true without a filter');
    expect(await post('dead-letters/replay?all=true&execute=true')).toMatchObject({
      sent: [{ messages: 2 }],
      done_before: 2,
      next: null,
    });
    await pipeline.settled();
    const open = await ask<Page>('dead-letters');
    expect(open.letters.map(({ reason }) => reason).toSorted()).toEqual(['invalid_json', 'invalid_message']);
  });

  it('of an order are part of its life', async () => {
    const { dead_letters } = await ask<{ dead_letters: { letters: object[]; left: number } }>('orders/9');
    expect(dead_letters).toMatchObject({
      letters: [{ reason: 'database_refused', state: 'replayed' }],
      left: 0,
    });
    expect(await ask('orders/71', { role: 'analyst' })).toMatchObject({ staged: [], vault: null });
    await ask('orders/72', { status: 404 });
  });
});

describe('parked orders', () => {
  it('are listed with what they lack, and shown whole', async () => {
    const page = await ask<{ orders: { object_id: string; order_version: string }[]; matching: number }>(
      'parked-orders',
      { role: 'analyst' },
    );
    expect(page.matching).toBe(2);
    expect(page.orders.map(({ object_id }) => object_id).toSorted()).toEqual(['4', '5']);
    expect(await ask('parked-orders?missing=user:u-late')).toMatchObject({
      orders: [{ object_id: '4', missing: [{ kind: 'user', id: 'u-late' }] }],
      missing: [{ kind: 'user', id: 'u-late', orders: 1 }],
    });
    const four = page.orders.find(({ object_id }) => object_id === '4')!;
    const path = `parked-orders/4/${encodeURIComponent(four.order_version)}`;
    expect(await ask(path)).toMatchObject({ value: { text: sourceText({ id: 4, user: 'u-late' }) } });
    await ask('parked-orders/4/none', { status: 404 });
    await ask('parked-orders', { role: 'viewer', status: 403 });
  });

  it('are given up by an operator alone, and are dead letters then', async () => {
    await post('parked-orders/discard?object_id=4&execute=true', { role: 'editor', status: 403 });
    expect(await post('parked-orders/discard?object_id=4')).toEqual({ executed: false, orders: 1 });
    expect(await post('parked-orders/discard?object_id=4&execute=true')).toEqual({
      executed: true,
      orders: 1,
    });
    await expect.poll(async () => (await list('object_id=4')).letters.length).toBe(1);
    const letter = await only('object_id=4');
    expect(letter.reason).toBe('no_dictionary');
    expect(await ask(pathOf(letter))).toMatchObject({
      because: 'Olga the operator gave up waiting for user:u-late',
      value: { text: sourceText({ id: 4, user: 'u-late' }) },
    });
    expect(await ask('parked-orders')).toMatchObject({ matching: 1 });
    await pipeline.dictionary.put({ 'u-late': userEntry('u-late', 'Late', time) });
    await post(`${pathOf(letter)}/replay?execute=true`);
    await pipeline.settled();
    expect(await inMarts()).toEqual([1, 4, 9]);
  });

  it('are tried at once', async () => {
    expect(await post('parked-orders/retry?missing=user')).toEqual({ executed: false, orders: 1 });
    expect(await post('parked-orders/retry?all=true&execute=true')).toEqual({ executed: true, orders: 1 });
    const { detail } = await post<{ detail: string }>('parked-orders/retry?all=true&missing=cook', {
      status: 400,
    });
    expect(detail).toContain('got "cook"');
  });
});

it('what operators did is in the log of cdm, with who did it and without what messages hold', () => {
  const log = readFileSync(cdm.log, 'utf8');
  expect(log).toContain('"dead letters replayed","by":"Olga the operator"');
  expect(log).toContain('"parked orders discarded","by":"Olga the operator"');
  expect(log).not.toContain(SECRET);
});
