import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ScratchDatabase } from '../harness/scratch-database';
import { tableDifferences } from './differences';
import * as handWritten from './hand-written-case';
import type { Cell } from './rows';
import { readTables, tables } from './tables';

const database = new ScratchDatabase(inject('stack').DATABASE_URL, `test_comparison_${Date.now()}`);

beforeAll(async () => {
  await database.create();
  await fill();
});
afterAll(() => database.drop());

/** Views that add up slots. */
const shared = [
  'cdm.restaurant_category_counters',
  'cdm.category_popularity',
  'cdm.product_popularity',
  'cdm.daily_sales',
];
const soup = 'd29f66ef-7dd8-50c2-a1bf-c0dbb8796d38';

describe('the comparison', () => {
  it('finds no difference where there is none', async () => {
    expect(await differences()).toEqual([]);
  });

  it.each([
    [
      'a counter that is wrong',
      'UPDATE cdm.user_product_counters SET order_cnt = 2',
      /^cdm\.user_product_counters user_id=.* product_id=.*: order_cnt is "2", not "1"$/,
    ],
    [
      'a satellite row that is missing',
      `DELETE FROM dds.s_product_names WHERE name = 'Green tea'`,
      /^dds\.s_product_names .*valid_from="2024-02-01 00:00:00".*: the row is missing$/,
    ],
    [
      'names that were swapped',
      `UPDATE dds.s_product_names SET name = CASE name WHEN 'Tea' THEN 'Soup' ELSE 'Tea' END
       WHERE valid_from = '1970-01-01'`,
      /: name is "Tea", not "Soup"$/,
    ],
    [
      'a row that is there twice',
      `ALTER TABLE cdm.user_category_counters DROP CONSTRAINT user_category_counters_key;
       INSERT INTO cdm.user_category_counters (user_id, category_id, category_name, order_cnt)
       SELECT user_id, category_id, category_name, order_cnt FROM cdm.user_category_counters`,
      /^cdm\.user_category_counters .*: 2 rows instead of 1$/,
    ],
    [
      'a row that should not be',
      `INSERT INTO dds.h_product (h_product_pk, product_id, load_src) VALUES (gen_random_uuid(), 'd3', 'nobody')`,
      /^dds\.h_product .*: there should be no such row$/,
    ],
    [
      'a version in both tables of staging',
      `INSERT INTO stg.superseded_order_events SELECT * FROM stg.order_events WHERE object_id = 2`,
      /^stg\.superseded_order_events object_id="2" .*: there should be no such row$/,
    ],
    [
      'a payload with a space too many',
      `UPDATE stg.order_events SET payload = (payload::text || ' ')::json WHERE object_id = 1`,
      /^stg\.order_events object_id="1": payload is /,
    ],
    [
      'money that is off by the last decimal',
      `UPDATE dds.s_order_cost SET cost = cost + 0.00001 WHERE cost = 6.5`,
      /^dds\.s_order_cost .*: cost is "6\.50001", not "6\.5"$/,
    ],
    [
      'an order_dt of no version',
      `UPDATE dds.h_order SET order_dt = '2024-01-02 11:00:01'`,
      /^dds\.h_order .*: order_dt is "2024-01-02 11:00:01", not "2024-01-02 11:00:00" or "2024-01-02 11:00:00\.5"$/,
    ],
    [
      'a product under another category in the ledger',
      `UPDATE cdm.order_versions SET category_ids = product_ids`,
      new RegExp(`^cdm\\.order_versions .*: products is "${soup} ${soup} 1 1", not `),
    ],
    [
      'a parked order that waits for something else',
      `UPDATE stg.pending_orders SET missing = '[{"kind":"user","id":"u3"}]'`,
      /^stg\.pending_orders .*: missing is "user u3", not "user u2"$/,
    ],
    [
      'a tag that nobody has earned',
      `INSERT INTO cdm.user_tags SELECT user_id, 'tag', 1, now() FROM cdm.users`,
      /^cdm\.user_tags user_id=.* tag="tag": there should be no such row$/,
    ],
    [
      'a state of a rule that is not there',
      `INSERT INTO cdm.user_rule_states SELECT user_id, gen_random_uuid(), true, 1, NULL, NULL, 0 FROM cdm.users`,
      /^cdm\.user_rule_states user_id=.*: there should be no such row$/,
    ],
    ['an entry that got lost', 'DELETE FROM stg.dictionary_entries WHERE NOT timed', /: the row is missing$/],
  ])('finds %s', async (_, statement, complaint) => {
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(statement);
      const found = tableDifferences(handWritten.tables, await readTables(client));
      expect(found).toContainEqual(expect.stringMatching(complaint));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('looks at every column that is not about the loading', async () => {
    const columns = await database.rows<{ name: string; columns: string[] }>(
      `SELECT format('%s.%s', table_schema, table_name) AS name, array_agg(column_name::text) AS columns
       FROM information_schema.columns WHERE format('%s.%s', table_schema, table_name) = ANY ($1) GROUP BY 1`,
      [Object.keys(tables)],
    );
    const overlooked = columns.flatMap(({ name, columns: all }) => {
      const { key, columns: compared, covered = [], ignored = [] } = tables[name]!;
      const known = [...key, ...compared, ...covered, ...ignored, 'load_dt', 'load_src', 'bucket'];
      return all.filter((column) => !known.includes(column)).map((column) => `${name}.${column}`);
    });
    expect(overlooked).toEqual([]);
  });

  it('looks at a table that it does not list, too', async () => {
    await database.rows(`
      CREATE TABLE cdm.extra (
        id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, part text, amount numeric(19, 5), load_dt timestamptz DEFAULT now())`);
    try {
      await database.rows(`INSERT INTO cdm.extra (part, amount) VALUES ('a', 1.5), ('b', 2)`);
      const expected = { ...handWritten.tables, 'cdm.extra': [{ part: 'a', amount: '1.5' }] };
      expect(tableDifferences(expected, await readTables(database.pool))).toEqual([
        'cdm.extra part="b" amount="2": there should be no such row',
      ]);
    } finally {
      await database.rows('DROP TABLE cdm.extra');
    }
  });
});

async function differences(): Promise<string[]> {
  return tableDifferences(handWritten.tables, await readTables(database.pool));
}

/** Puts the rows of the hand-written case into the tables as the services would. */
async function fill(): Promise<void> {
  for (const [name, rows] of Object.entries(handWritten.tables)) {
    for (const row of rows) {
      const stored = storedRow(name, row);
      const columns = Object.keys(stored);
      const table = 'slot' in stored ? `${name}_slots` : name;
      await database.rows(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, place) => `$${place + 1}`).join(', ')})`,
        Object.values(stored),
      );
    }
  }
}

function storedRow(name: string, row: Record<string, Cell>): Record<string, unknown> {
  const stored: Record<string, unknown> = Object.fromEntries(
    Object.entries(row).map(([column, cell]) => [
      column,
      cell && typeof cell === 'object' ? cell.oneOf[0] : cell,
    ]),
  );
  if (name.startsWith('dds.')) {
    stored.load_src = 'hand';
  }
  if (typeof stored.earlier_menus === 'string') {
    const [dish, entry] = stored.earlier_menus.split(' ');
    stored.earlier_menus = { [dish!]: entry };
  }
  if (shared.includes(name)) {
    const { restaurant_name: _kept, ...others } = stored;
    return { ...others, slot: 0 };
  }
  if (name === 'cdm.order_versions') {
    const { products, ...others } = stored;
    const [product, category, quantity, amount] = String(products).split(' ');
    return {
      ...others,
      product_ids: [product],
      category_ids: [category],
      quantities: [quantity],
      amounts: [amount],
    };
  }
  if (name === 'stg.pending_orders') {
    const { object_id, order_version } = stored;
    return {
      object_id,
      order_version,
      missing: JSON.stringify([{ kind: 'user', id: 'u2' }]),
      next_attempt_at: new Date(),
      topic: 'orders',
      partition: 0,
      message_offset: 4,
      message_key: Buffer.from('k'),
      message_value: Buffer.from(String(stored.message_value)),
      message_headers: { h: ['MQ==', 'Mg=='] },
      message_header_list: JSON.stringify([
        ['aA==', 'MQ=='],
        ['aA==', 'Mg=='],
      ]),
      message_timestamp: 1704196800000,
    };
  }
  if (typeof stored.place === 'string') {
    const { place, ...others } = stored;
    const [topic, partition, message_offset] = String(place).split('/');
    return { ...others, topic, partition, message_offset };
  }
  return stored;
}
