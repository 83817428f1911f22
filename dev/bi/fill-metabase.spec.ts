import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { charts } from './charts';
import { fillMetabase } from './fill-metabase';

interface Stored {
  [member: string]: unknown;
  id: number;
  name: string;
  collection_id?: number;
}

/* A receiver that keeps what it gets, as the API of Metabase describes it. */
const stores: Record<string, Stored[]> = {};
const server = createServer((request, response) => {
  void answer(request).then(
    (body) => response.end(JSON.stringify(body)),
    (error: Error) => response.writeHead(400).end(error.message),
  );
});

beforeEach(async () => {
  Object.assign(stores, {
    database: [{ id: 7, name: 'Order Vault' }],
    collection: [],
    card: [],
    dashboard: [],
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise<unknown>((done) => server.close(done).closeAllConnections()));

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.headers['x-api-key'] !== 'key') {
    throw new Error('Unauthenticated');
  }
  const url = new URL(request.url!, 'http://localhost');
  const [, , model, id, items] = url.pathname.split('/') as [string, string, string, string?, string?];
  const store = stores[model]!;
  const body = JSON.parse((await text(request)) || '{}') as object;
  if (items) {
    const kept = stores[url.searchParams.get('models')!]!;
    return { data: kept.filter((item) => item.collection_id === Number(id)) };
  }
  if (request.method === 'GET') {
    return model === 'database' ? { data: store } : store;
  }
  if (request.method === 'POST') {
    const stored = { ...body, id: 100 * Object.keys(stores).indexOf(model) + store.length } as Stored;
    store.push(stored);
    return stored;
  }
  return Object.assign(
    store.find((item) => item.id === Number(id))!,
    body,
  );
}

const metabase = () => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  apiKey: 'key',
});

it('makes a card of each chart and a dashboard of all, the second time none', async () => {
  expect(await fillMetabase(metabase(), 'Order Vault', 'ru')).toBe('/dashboard/300');
  const first = structuredClone(stores);
  expect(first.card!.map(({ name }) => name)).toEqual(charts.map(({ title }) => title.ru));
  expect(first.card![2]).toMatchObject({
    display: 'row',
    collection_id: 100,
    dataset_query: { type: 'native', database: 7 },
    visualization_settings: { 'graph.dimensions': ['Блюдо'], 'graph.metrics': ['Гости'] },
  });
  const [{ dashcards }] = first.dashboard as [Stored & { dashcards: { card_id: number }[] }];
  expect(dashcards.map(({ card_id: card }) => card)).toEqual(first.card!.map(({ id }) => id));
  await fillMetabase(metabase(), 'Order Vault', 'ru');
  expect(stores).toEqual(first);
});

it('names the databases that Metabase has where it lacks the one', async () => {
  await expect(fillMetabase(metabase(), 'order_vault', 'en')).rejects.toThrow(
    'Metabase has no database "order_vault"; it has: Order Vault',
  );
});

it('says what Metabase answers where it refuses', async () => {
  await expect(fillMetabase({ ...metabase(), apiKey: 'other' }, 'Order Vault', 'en')).rejects.toThrow(
    'GET /api/database: 400 Unauthenticated',
  );
});
