import { charts, dashboardTitle, sqlOf, type Chart, type Language } from './charts';

export interface Metabase {
  /** Without a path, e.g. `http://localhost:3000`. */
  url: string;
  apiKey: string;
}

interface Item {
  id: number;
  name: string;
}

/** Of 24 columns. */
const WIDTH = 12;
const HEIGHT = 8;
/** Displays of Metabase; a row is a horizontal bar. */
const displays = { pie: 'pie', bar: 'row', table: 'table' };

/**
 * Makes a collection with the charts and a dashboard of them. What is there under their names is brought up to date.
 * @param connection name of the database in Metabase
 * @returns the path of the dashboard
 * @throws where Metabase has no such database, or refuses
 */
export async function fillMetabase(
  metabase: Metabase,
  connection: string,
  language: Language,
): Promise<string> {
  const { data: databases } = await ask<{ data: Item[] }>(metabase, 'GET', '/api/database');
  const database = databases.find(({ name }) => name === connection);
  if (!database) {
    const known = databases.map(({ name }) => name).join(', ');
    throw new Error(`Metabase has no database "${connection}"; it has: ${known}`);
  }
  const title = dashboardTitle[language];
  const collections = await ask<Item[]>(metabase, 'GET', '/api/collection');
  const collection =
    collections.find(({ name }) => name === title) ??
    (await ask<Item>(metabase, 'POST', '/api/collection', { name: title }));
  const cards: Item[] = [];
  for (const chart of charts) {
    cards.push(await put(metabase, 'card', collection, card(chart, database.id, language)));
  }
  const { id } = await put(metabase, 'dashboard', collection, { name: title });
  await ask(metabase, 'PUT', `/api/dashboard/${id}`, { dashcards: cards.map(place) });
  return `/dashboard/${id}`;
}

function card(chart: Chart, database: number, language: Language) {
  const [label, value] = chart.columns.map(({ title }) => title[language]);
  const settings = {
    pie: { 'pie.dimension': label, 'pie.metric': value },
    bar: { 'graph.dimensions': [label], 'graph.metrics': [value] },
    table: {},
  };
  return {
    name: chart.title[language],
    display: displays[chart.kind],
    visualization_settings: settings[chart.kind],
    dataset_query: { type: 'native', database, native: { query: sqlOf(chart, language) } },
  };
}

/** Two charts a row. Numbers below zero are for those that are new on the dashboard. */
function place({ id }: Item, index: number): object {
  return {
    id: -1 - index,
    card_id: id,
    col: (index % 2) * WIDTH,
    row: Math.floor(index / 2) * HEIGHT,
    size_x: WIDTH,
    size_y: HEIGHT,
    parameter_mappings: [],
    visualization_settings: {},
  };
}

async function put(
  metabase: Metabase,
  model: 'card' | 'dashboard',
  collection: Item,
  content: { name: string },
): Promise<Item> {
  const { data: items } = await ask<{ data: Item[] }>(
    metabase,
    'GET',
    `/api/collection/${collection.id}/items?models=${model}`,
  );
  const known = items.find(({ name }) => name === content.name);
  return known
    ? ask(metabase, 'PUT', `/api/${model}/${known.id}`, content)
    : ask(metabase, 'POST', `/api/${model}`, { ...content, collection_id: collection.id });
}

async function ask<Answer>(
  { url, apiKey }: Metabase,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  }
  return (await response.json()) as Answer;
}
