import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Client } from 'pg';

/*
 * What a distributed PostgreSQL asks of the schema (docs/decisions/0046), held on a plain one: each table has its
 * place, and keys, foreign keys and triggers allow that place. The statements against the same: statements.spec.ts.
 */

/** Where rows are. `order`: with their order, since messages of the source have no user as key. */
type Place = 'user' | 'order' | 'everywhere' | 'shared' | 'one node';

const places: Record<Place, string[]> = {
  user: [
    'dds.h_user',
    'dds.s_user_names',
    'dds.h_order',
    'dds.l_order_user',
    'dds.l_order_restaurant',
    'dds.l_order_product',
    'dds.s_order_status',
    'dds.s_order_cost',
    'dds.s_order_details',
    'dds.s_order_product',
    'cdm.users',
    'cdm.order_versions',
    'cdm.user_product_counters',
    'cdm.user_category_counters',
    'cdm.tag_rule_counts',
    'cdm.user_tags',
    'cdm.user_tag_events',
  ],
  order: ['stg.order_events', 'stg.superseded_order_events', 'stg.pending_orders'],
  everywhere: [
    'stg.dictionary_entries',
    'dds.h_restaurant',
    'dds.h_product',
    'dds.h_category',
    'dds.l_product_restaurant',
    'dds.l_product_category',
    'dds.s_restaurant_names',
    'dds.s_product_names',
    'dds.s_product_category',
    'cdm.product_names',
    'cdm.restaurant_names',
    'operations.forgotten_users',
  ],
  // With a row for each slot, so that nobody waits for the rows of another.
  shared: [
    'cdm.restaurant_category_counters_slots',
    'cdm.daily_sales_slots',
    'cdm.product_popularity_slots',
    'cdm.category_popularity_slots',
  ],
  'one node': [
    'stg.skipped_messages',
    'cdm.counted_batches',
    'cdm.tag_rules',
    'cdm.tag_rule_products',
    'cdm.tag_evaluations',
    'operations.replayed_dead_letters',
    'pipeline.service_states',
    'pipeline.dead_letters',
    'pipeline.positions',
    'pipeline.schema_version',
  ],
};

const placeOf = new Map(
  Object.entries(places).flatMap(([place, tables]) => tables.map((table) => [table, place as Place])),
);

/** From each of these follows one user or one order. */
const owners: Partial<Record<Place, string[]>> = {
  user: [
    'h_user_pk',
    'user_id',
    'source_user_id',
    'h_order_pk',
    'order_id',
    'object_id',
    'hk_order_user_pk',
    'hk_order_restaurant_pk',
    'hk_order_product_pk',
  ],
  order: ['object_id'],
};

/** Numbers of rows by which no service looks for one: there the key of the grain takes their place. */
const numbers = [
  'cdm.user_category_counters (id)',
  'cdm.user_product_counters (id)',
  'cdm.user_tag_events (event_id)',
  'stg.order_events (id)',
  'stg.superseded_order_events (id)',
];

let client: Client;

beforeAll(async () => {
  client = new Client({ connectionString: inject('stack').DATABASE_URL });
  await client.connect();
  return () => client.end();
});

async function rows<Row>(text: string): Promise<Row[]> {
  return (await client.query(text)).rows as Row[];
}

const schemas = `('stg', 'dds', 'cdm', 'pipeline', 'operations')`;

describe('the schema', () => {
  it('has a place for every table', async () => {
    const tables = await rows<{ name: string }>(/* sql */ `
      SELECT format('%s.%s', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema IN ${schemas} AND table_type = 'BASE TABLE'`);
    expect(tables.map(({ name }) => name).toSorted()).toEqual([...placeOf.keys()].toSorted());
  });

  it('has no unique key from which the place of a row would not follow, but for numbers of rows', async () => {
    const keys = await rows<{ name: string; columns: string[] }>(/* sql */ `
      SELECT format('%s.%s', nspname, relname) AS name, array_agg(attname::text ORDER BY attnum) AS columns
      FROM pg_index JOIN pg_class ON pg_class.oid = indrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
      JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey::int2[])
      WHERE indisunique AND nspname IN ${schemas} GROUP BY indexrelid, nspname, relname`);
    const found = keys.filter(({ name, columns }) => {
      const known = owners[placeOf.get(name)!];
      return known && !columns.some((column) => known.includes(column));
    });
    expect(found.map(({ name, columns }) => `${name} (${columns.join(', ')})`).toSorted()).toEqual(numbers);
  });

  it('has foreign keys between rows of one place, and to what is everywhere', async () => {
    const keys = await rows<{ child: string; parent: string }>(/* sql */ `
      SELECT format('%s.%s', c.relnamespace::regnamespace, c.relname) AS child,
        format('%s.%s', p.relnamespace::regnamespace, p.relname) AS parent
      FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_class p ON p.oid = confrelid
      WHERE contype = 'f' AND connamespace::regnamespace::text IN ${schemas}`);
    expect(keys.length).toBeGreaterThan(15);
    const crossing = keys.filter(({ child, parent }) => {
      const [from, to] = [placeOf.get(child)!, placeOf.get(parent)!];
      return !(to === 'everywhere' ? from !== 'one node' : from === to && from !== 'shared');
    });
    expect(crossing).toEqual([]);
  });

  it('has triggers that read nothing but their row and the list of users who are forgotten', async () => {
    const triggers = await rows<{ name: string; body: string }>(/* sql */ `
      SELECT format('%s.%s', nspname, relname) AS name, prosrc AS body
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
      JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal AND nspname IN ${schemas} ORDER BY 1`);
    const spread = triggers.filter(({ name }) => placeOf.get(name) !== 'one node');
    expect(spread.map(({ name }) => name)).toEqual([
      'dds.s_user_names',
      'stg.dictionary_entries',
      'stg.pending_orders',
    ]);
    const read = spread.flatMap(({ body }) =>
      Array.from(body.matchAll(/FROM (\w+\.\w+)/g), ([, table]) => table),
    );
    expect(new Set(read)).toEqual(new Set(['operations.forgotten_users']));
  });
});
