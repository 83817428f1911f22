import { digestOf } from './digest';
import { readMenu } from './entries';
import type { Layers } from './layers';
import { sharedTables } from './vault-columns';
import type { Row, WrongRow } from './wrong-rows';

/** Rows of the vault by table. */
export type Facts = ReadonlyMap<string, Row[]>;

export async function readFacts(
  layers: Layers,
  {
    users = [],
    restaurants = [],
    products = [],
  }: Partial<Record<'users' | 'restaurants' | 'products', string[]>>,
): Promise<Facts> {
  const rows = await layers.rows<{ table_name: string; said: string }>(
    'dds',
    'SELECT table_name, said FROM pipeline.audit_facts($1, $2, $3)',
    [users, restaurants, products],
  );
  const facts = new Map<string, Row[]>();
  for (const { table_name, said } of rows) {
    const known = facts.get(table_name) ?? [];
    known.push(JSON.parse(said) as Row);
    facts.set(table_name, known);
  }
  return facts;
}

/**
 * Rows of names in the vault that no entry in staging says, of restaurants of a range of keys and of the dishes on
 * their menus. An entry may have come since the first of them was read, so all of them wait.
 */
export async function superfluousNames(layers: Layers, after: string, upto: string): Promise<WrongRow[]> {
  const known = await layers.rows<{ id: string }>(
    'cdm',
    'SELECT restaurant_id AS id FROM cdm.restaurant_names WHERE restaurant_id > $1 AND restaurant_id <= $2',
    [after, upto],
  );
  const said = new Set<string>();
  const places = await learnMenus(
    layers,
    known.map(({ id }) => id),
    said,
  );
  const facts = await readFacts(layers, {
    restaurants: known.map(({ id }) => id),
    products: [...places.keys()],
  });
  const unsaid = () =>
    ['dds.s_restaurant_names', 'dds.s_product_names'].flatMap((table) =>
      (facts.get(table) ?? []).filter((row) => !said.has(nameOf(table, row))).map((row) => ({ table, row })),
    );
  const found = unsaid();
  if (found.length > 0) {
    const products = new Set(found.map(({ row }) => row[0]));
    const links = facts.get('dds.l_product_restaurant') ?? [];
    // A dish may be on the menu of another restaurant, too.
    await learnMenus(
      layers,
      links.filter(([, product]) => products.has(product!)).map(([, , id]) => id!),
      said,
    );
  }
  return unsaid().map(({ table, row }) => superfluous(table, row, places.get(row[0]!) ?? row[0]!));
}

/**
 * Rows of names of users that no entry in staging says.
 * @param rows of `dds.h_user` and `dds.s_user_names`
 * @returns their places are keys of users
 */
export async function superfluousUserNames(layers: Layers, users: Row[], rows: Row[]): Promise<WrongRow[]> {
  const ids = new Map(users.map(([key, id]) => [key, id]));
  const entries = await entriesOf(layers, 'user', [...new Set(rows.map(([key]) => ids.get(key!)!))]);
  const said = new Set(
    entries.map(({ entry_key: id, valid_from: since, user_digest: digest }) =>
      nameOf('dds.s_user_names', [digestOf('h_user', id), since, digest]),
    ),
  );
  return rows
    .filter(([key, since, , digest]) => !said.has(nameOf('dds.s_user_names', [key!, since!, digest!])))
    .map((row) => superfluous('dds.s_user_names', row, row[0]!));
}

/**
 * Adds what menus of these restaurants have ever said.
 * @returns a restaurant of each dish that is on a menu, by keys
 */
async function learnMenus(
  layers: Layers,
  restaurants: string[],
  said: Set<string>,
): Promise<Map<string, string>> {
  const hubs = (await readFacts(layers, { restaurants })).get('dds.h_restaurant') ?? [];
  const entries = await entriesOf(
    layers,
    'restaurant',
    hubs.map(([, id]) => id!),
  );
  const places = new Map<string, string>();
  for (const { entry_key: id, valid_from: since, restaurant_name: name, menu } of entries) {
    const restaurant = digestOf('h_restaurant', id);
    said.add(
      nameOf('dds.s_restaurant_names', [restaurant, since, digestOf('s_restaurant_names', name ?? '')]),
    );
    for (const [dish, { name: ofDish }] of readMenu(menu)) {
      const product = digestOf('h_product', dish);
      places.set(product, restaurant);
      said.add(nameOf('dds.s_product_names', [product, since, digestOf('s_product_names', ofDish)]));
    }
  }
  return places;
}

interface SaidEntry {
  entry_key: string;
  valid_from: string;
  user_digest: string | null;
  restaurant_name: string | null;
  menu: string | null;
}

function entriesOf(layers: Layers, kind: 'user' | 'restaurant', keys: string[]): Promise<SaidEntry[]> {
  return layers.rows<SaidEntry>('stg', 'SELECT * FROM pipeline.audit_entries_of($1, $2)', [kind, keys]);
}

/** A name by its key, its time and its digest. */
function nameOf(table: string, [key, since, digest]: Row): string {
  return `${table} ${key} ${since} ${digest}`;
}

function superfluous(table: string, row: Row, place: string): WrongRow {
  const { key } = sharedTables.find((one) => one.table === table)!;
  return {
    table,
    key: Object.fromEntries(key.map((name, at) => [name, row[at]!])),
    place,
    against: 'the dictionary entries in staging',
    expected: null,
    found: {},
    waits: true,
  };
}
