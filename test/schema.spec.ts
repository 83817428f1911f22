/// <reference types="vite/types/importMeta.d.ts" />
import { Client } from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { decimalText } from '@app/values/exact-number';
import { canonicalTime } from '@app/values/source-time';
import { declarations } from '@app/data-vault/columns';
import { hashdiff, hashKey, uuidText } from '@app/data-vault/hash-key';
import { entityClasses } from '../ops/migrate/entity-classes';
import { isView } from '../dev/data-model/entity-metadata';
import { deriveSchema } from '../ops/migrate/derive-schema';

/*
 * Three databases are compared by their catalogues: the migrated one that the services use, one that is migrated here,
 * up, down and up again, and one that TypeORM builds from the entities alone.
 */
const warehouseUrl = inject('stack').DATABASE_URL;
const migratedUrl = scratchUrl('migrated');
const entitiesUrl = scratchUrl('entities');

/** What TypeORM has no means for, by the name that the entity gives. */
const notExpressible = new Map([
  ['dds.h_category_category_name_key', 'an index over an expression, md5(category_name)'],
]);

const migrations = Object.values(
  import.meta.glob<Record<string, new () => MigrationInterface>>('../migrations/*.ts', { eager: true }),
).flatMap((file) => Object.values(file));

const diff = (satellite: string, ...attributes: (string | null)[]) =>
  uuidText(hashdiff(satellite, attributes));

let entities: (new () => object)[];
let warehouse: Client;
let migrated: Client;
let built: Client;

beforeAll(async () => {
  entities = await entityClasses();
  warehouse = await connect(warehouseUrl);
  await warehouse.query(`CREATE DATABASE ${nameOf(migratedUrl)}`);
  await warehouse.query(`CREATE DATABASE ${nameOf(entitiesUrl)}`);
  migrated = await connect(migratedUrl);
  built = await connect(entitiesUrl);
  await migrateUp();
  await buildFromEntities();
});

afterAll(async () => {
  await migrated?.end();
  await built?.end();
  await warehouse?.query(`DROP DATABASE IF EXISTS ${nameOf(migratedUrl)}`);
  await warehouse?.query(`DROP DATABASE IF EXISTS ${nameOf(entitiesUrl)}`);
  await warehouse?.end();
});

describe('entities and the migrated schema', () => {
  it('TypeORM finds nothing to change, up or down', async () => {
    const log = await withSource({ url: warehouseUrl, entities }, (source) =>
      source.driver.createSchemaBuilder().log(),
    );
    expect(log.upQueries).toEqual([]);
    expect(log.downQueries).toEqual([]);
  });

  it('a database built from the entities has the same catalogue', async () => {
    expect(await catalogue(built)).toEqual(await catalogue(migrated));
  });

  it('the warehouse of the stack has that catalogue too', async () => {
    const everything = await catalogue(migrated, { everything: true });
    expect(await catalogue(warehouse, { everything: true })).toEqual(everything);
  });

  it('what TypeORM has no means for is named by an entity, and exists', async () => {
    const named = await withSource({ url: warehouseUrl, entities }, async (source) =>
      source.entityMetadatas.flatMap(({ schema, indices }) =>
        indices.filter((index) => !index.synchronize).map((index) => `${schema}.${index.name}`),
      ),
    );
    expect(named).toEqual([...notExpressible.keys()]);
    const existing = await catalogue(migrated, { everything: true });
    for (const name of named) {
      const [schema, index] = name.split('.');
      expect(existing).toContainEqual(expect.stringMatching(new RegExp(`^${schema}\\..*INDEX ${index} ON`)));
    }
  });

  it('no index depends on the collation of the database', async () => {
    const { rows } = await warehouse.query(`
      SELECT DISTINCT format('%s of %s', attname, indexrelid::regclass) AS name
      FROM pg_index JOIN pg_class c ON c.oid = indrelid
      CROSS JOIN LATERAL unnest(indkey::int2[], indcollation::oid[]) AS key (number, collation_oid)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number
      WHERE collation_oid = 'pg_catalog."default"'::regcollation
        AND c.relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm', 'pipeline', 'operations')`);
    expect(rows).toEqual([]);
  });

  it('every table, view and column has a comment', async () => {
    const { rows } = await warehouse.query(`
      SELECT format('%s.%s', c.oid::regclass, attname) AS name
      FROM pg_class c JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
      WHERE c.relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm', 'pipeline', 'operations', 'report') AND c.relkind IN ('r', 'p', 'v', 'm')
        AND (coalesce(obj_description(c.oid, 'pg_class'), '') = '' OR coalesce(col_description(c.oid, attnum), '') = '')`);
    expect(rows).toEqual([]);
  });

  it('analysts read every comment in Russian and in English', async () => {
    const { rows } = await warehouse.query<{ name: string; comment: string }>(`
      SELECT pg_describe_object(classoid, objoid, objsubid) AS name, description AS comment
      FROM pg_description
      WHERE (SELECT schema FROM pg_identify_object(classoid, objoid, objsubid)) IN ('dds', 'cdm', 'report')
        OR (classoid = 'pg_namespace'::regclass AND objoid::regnamespace::text IN ('dds', 'cdm', 'report'))`);
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'schema dds',
        'view cdm.daily_sales',
        'column orders of view report.daily_sales',
      ]),
    );
    expect(rows.filter(({ comment }) => !/^[^/]*\p{Script=Cyrillic}.* \/ .*[a-z]/su.test(comment))).toEqual(
      [],
    );
  });
});

describe('personal data', () => {
  it('is declared of every column that can hold text', async () => {
    const { rows } = await warehouse.query<{ name: string }>(`
      SELECT format('%s.%s', attrelid::regclass, attname) AS name
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND c.relkind IN ('r', 'p')
      JOIN pg_type t ON t.oid = atttypid LEFT JOIN pg_type element ON element.oid = t.typelem AND t.typcategory = 'A'
      WHERE attnum > 0 AND NOT attisdropped AND c.relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm', 'pipeline', 'operations')
        AND (coalesce(element.typcategory, t.typcategory) IN ('S', 'U') AND coalesce(element.typname, t.typname) <> 'uuid')
      ORDER BY 1`);
    const declared = entities.flatMap((entity) => {
      const table = declarations.get(entity);
      const columns = table ? [...table.columns, ...table.added] : [];
      return columns.flatMap(({ name, personal }) =>
        personal === undefined ? [] : `${table!.schema}.${table!.name}.${name}`,
      );
    });
    expect(rows.map(({ name }) => name)).toEqual(declared.sort());
  });
});

describe('what follows from declarations', () => {
  const triggers =
    "SELECT oid, tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'forgotten_users' ORDER BY 2";

  it('is made once, however often it is made', async () => {
    const before = await warehouse.query(triggers);
    expect(before.rows.map(({ name }: { name: string }) => name)).toEqual([
      'dds.s_user_names',
      'stg.dictionary_entries',
    ]);
    await withSource({ url: warehouseUrl }, (source) => deriveSchema(source, entities));
    expect((await warehouse.query(triggers)).rows).toEqual(before.rows);
  });

  it('gives tables, views and columns their comments', async () => {
    const before = await catalogue(migrated, { everything: true });
    await migrated.query(
      `COMMENT ON TABLE dds.h_user IS NULL; COMMENT ON COLUMN stg.order_events.payload IS 'other';
       COMMENT ON VIEW dds.order_current IS 'other'; COMMENT ON COLUMN cdm.daily_sales.cost IS NULL`,
    );
    expect(await catalogue(migrated, { everything: true })).not.toEqual(before);
    await withSource({ url: migratedUrl }, (source) => deriveSchema(source, entities));
    expect(await catalogue(migrated, { everything: true })).toEqual(before);
  });
});

describe('the comparison sees', () => {
  it.each([
    'CREATE TABLE stg.extra (id bigint)',
    'DROP VIEW dds.restaurant_current',
    'ALTER TABLE cdm.user_tags ADD extra text',
    'ALTER TABLE cdm.users DROP load_dt',
    'ALTER TABLE cdm.users RENAME load_dt TO loaded_at',
    'ALTER TABLE cdm.order_versions ALTER cost TYPE numeric(19, 4)',
    'ALTER TABLE stg.order_events ALTER sent_dttm TYPE timestamptz',
    'ALTER TABLE cdm.users ALTER source_user_id TYPE text COLLATE "default"',
    'ALTER TABLE dds.s_user_names ALTER username DROP NOT NULL',
    'ALTER TABLE dds.s_user_names ALTER userlogin SET NOT NULL',
    'ALTER TABLE cdm.tag_rules ALTER enabled SET DEFAULT false',
    'ALTER TABLE cdm.user_product_counters ALTER id SET GENERATED ALWAYS',
    `COMMENT ON TABLE dds.h_user IS 'Hub of guests'`,
    `COMMENT ON COLUMN dds.h_user.user_id IS 'Business key'`,
    'COMMENT ON COLUMN dds.order_current.cost IS NULL',
    'DROP INDEX cdm.user_tags_tag',
    'CREATE INDEX extra ON cdm.user_tags (since)',
    'DROP INDEX cdm.user_tags_tag; CREATE INDEX user_tags_tag ON cdm.user_tags (user_id, tag)',
    `DROP INDEX stg.dictionary_entries_first_untimed; CREATE UNIQUE INDEX dictionary_entries_first_untimed
       ON stg.dictionary_entries (entry_key, entry_kind) WHERE NOT timed`,
    'ALTER TABLE dds.h_user DROP CONSTRAINT h_user_user_id_key',
    'ALTER TABLE dds.h_user RENAME CONSTRAINT h_user_user_id_key TO user_id_key',
    'ALTER TABLE cdm.user_tags DROP CONSTRAINT user_tags_pkey, ADD PRIMARY KEY (user_id, tag, since)',
    `ALTER TABLE dds.s_order_product DROP CONSTRAINT s_order_product_line_check,
       ADD CONSTRAINT s_order_product_line_check CHECK (line >= 0)`,
    'ALTER TABLE dds.l_order_user DROP CONSTRAINT l_order_user_h_user_pk_fkey',
    `ALTER TABLE cdm.user_tags DROP CONSTRAINT user_tags_user_id_fkey,
       ADD CONSTRAINT user_tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES cdm.users ON DELETE CASCADE`,
  ])('%s', async (change) => {
    const before = await catalogue(migrated);
    await migrated.query('BEGIN');
    try {
      await migrated.query(change);
      expect(await catalogue(migrated)).not.toEqual(before);
    } finally {
      await migrated.query('ROLLBACK');
    }
    expect(await catalogue(migrated)).toEqual(before);
  });
});

describe('the migrations', () => {
  it('go down to nothing and up to the same again', async () => {
    const before = await catalogue(migrated, { everything: true });
    await withSource({ url: migratedUrl, migrations }, async (source) => {
      for (const _ of source.migrations) {
        await source.undoLastMigration();
      }
    });
    expect(await catalogue(migrated, { everything: true })).toEqual([]);
    await migrateUp();
    expect(await catalogue(migrated, { everything: true })).toEqual(before);
  });

  it('keep money as numeric(19, 5), sums of it with more digits, and nothing as a binary float', async () => {
    const { rows } = await warehouse.query(`
      SELECT format('%s.%s', attrelid::regclass, attname) AS name, format_type(atttypid, atttypmod) AS type
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      WHERE c.relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm') AND c.relkind IN ('r', 'p') AND attnum > 0
        AND (attname IN ('cost', 'payment', 'price', 'bonus_payment', 'bonus_grant')
             OR atttypid IN ('numeric'::regtype, 'real'::regtype, 'float8'::regtype, 'money'::regtype))
      ORDER BY name`);
    expect(rows).toEqual(
      [
        'cdm.daily_sales_slots.cost',
        'cdm.daily_sales_slots.payment',
        'cdm.order_versions.cost',
        'cdm.order_versions.payment',
        'dds.s_order_cost.cost',
        'dds.s_order_cost.payment',
        'dds.s_order_details.bonus_grant',
        'dds.s_order_details.bonus_payment',
        'dds.s_order_product.price',
      ].map((name) => ({
        name,
        type: name.startsWith('cdm.daily_sales_slots.') ? 'numeric(24,5)' : 'numeric(19,5)',
      })),
    );
  });

  it.each([
    ['h_user', '626a81ce9a8cd1920641e296'],
    ['h_category', 'Выпечка'],
    ['h_user', ''],
    ['h_user', '\\N'],
    ['l_order_product', '322519', '6276e8cd0cf48b4cded00878'],
    ['l_order_product', 'a|', 'b'],
    ['l_order_product', 'a', '|b'],
    ['l_order_product', 'a\\', '|b'],
  ])('dds.hash_key gives the hash keys of the services: %j', async (name, ...businessKeys) => {
    const { rows } = await warehouse.query('SELECT dds.hash_key($1, VARIADIC $2::text[]) AS key', [
      name,
      businessKeys,
    ]);
    expect(rows).toEqual([{ key: hashKey(name, ...businessKeys) }]);
  });

  it('dds.hash_key gives the hashdiffs of the services', async () => {
    const { rows } = await warehouse.query(`
      SELECT dds.hash_key('s_user_names', 'Котова Ольга', NULL) AS names,
        dds.hash_key('s_order_details', 'CLOSED', '2023-08-05 06:28:54'::timestamp::text, '2023-08-05 06:28:54.500000'::timestamp::text,
          trim_scale(10.50000)::text, trim_scale(0.00000)::text) AS details`);
    expect(rows).toEqual([
      {
        names: diff('s_user_names', 'Котова Ольга', null),
        details: diff(
          's_order_details',
          'CLOSED',
          canonicalTime('2023-08-05T06:28:54.000')!,
          canonicalTime('2023-08-05 06:28:54.50')!,
          decimalText(10.5)!,
          decimalText(0)!,
        ),
      },
    ]);
  });
});

describe('the views of what is current', () => {
  beforeEach(async () => {
    await migrated.query('BEGIN');
    await migrated.query(`
      INSERT INTO dds.h_user VALUES (dds.hash_key('h_user', 'u'), 'u', now(), 'test');
      INSERT INTO dds.h_restaurant VALUES (dds.hash_key('h_restaurant', 'r'), 'r', now(), 'test');
      INSERT INTO dds.h_category SELECT dds.hash_key('h_category', c), c, now(), 'test' FROM unnest('{soups,salads}'::text[]) c;
      INSERT INTO dds.h_product SELECT dds.hash_key('h_product', p), p, now(), 'test' FROM unnest('{p,q}'::text[]) p;
      INSERT INTO dds.h_order VALUES (dds.hash_key('h_order', '1'), 1, '2023-08-05', now(), 'test')`);
  });
  afterEach(() => migrated.query('ROLLBACK'));

  it.each([
    ['a user', 'user', 'u', 'username'],
    ['a restaurant', 'restaurant', 'r', 'name'],
  ])('the newest name of %s, after A, B and A again', async (_, thing, businessKey, column) => {
    await migrated.query(
      `INSERT INTO dds.s_${thing}_names (h_${thing}_pk, ${column}, valid_from, hk_${thing}_names_hashdiff, load_src)
       SELECT dds.hash_key('h_${thing}', $1), name, valid_from::timestamp, dds.hash_key('s_${thing}_names', name), 'test'
       FROM (VALUES ('B', '2023-08-06'), ('A', '2023-08-07'), ('A', '2023-08-05')) AS said (name, valid_from)`,
      [businessKey],
    );
    const { rows } = await migrated.query(
      `SELECT ${column} AS name, valid_from::text FROM dds.${thing}_current`,
    );
    expect(rows).toEqual([{ name: 'A', valid_from: '2023-08-07 00:00:00' }]);
  });

  it('the name and category of a product; of two at the same time, those with the greater hashdiff', async () => {
    await migrated.query(`
      INSERT INTO dds.s_product_names
      SELECT dds.hash_key('h_product', 'p'), name, valid_from::timestamp, dds.hash_key('s_product_names', name), now(), 'test'
      FROM (VALUES ('old', '2023-08-05'), ('x', '2023-08-06'), ('y', '2023-08-06')) AS said (name, valid_from);
      INSERT INTO dds.l_product_category
      SELECT dds.hash_key('l_product_category', 'p', category_name), dds.hash_key('h_product', 'p'), h_category_pk, now(), 'test'
      FROM dds.h_category;
      INSERT INTO dds.s_product_category
      SELECT dds.hash_key('l_product_category', 'p', category_name), valid_from, dds.hash_key('s_product_category', category_name), now(), 'test'
      FROM dds.h_category, unnest('{2023-08-05,2023-08-06}'::timestamp[]) valid_from`);
    const { rows } = await migrated.query('SELECT product_id, name, category_name FROM dds.product_current');
    expect(rows).toEqual([
      {
        product_id: 'p',
        name: greatest(['x', 'y'], (name) => diff('s_product_names', name)),
        category_name: greatest(['soups', 'salads'], (name) => diff('s_product_category', name)),
      },
    ]);
  });

  it('the newest version of an order, with its own lines alone', async () => {
    await migrated.query(`
      INSERT INTO dds.l_order_user VALUES
        (dds.hash_key('l_order_user', '1', 'u'), dds.hash_key('h_order', '1'), dds.hash_key('h_user', 'u'), now(), 'test');
      INSERT INTO dds.l_order_restaurant VALUES
        (dds.hash_key('l_order_restaurant', '1', 'r'), dds.hash_key('h_order', '1'), dds.hash_key('h_restaurant', 'r'), now(), 'test');
      INSERT INTO dds.l_order_product
      SELECT dds.hash_key('l_order_product', '1', product_id), dds.hash_key('h_order', '1'), h_product_pk, now(), 'test' FROM dds.h_product;
      INSERT INTO dds.s_order_details
      SELECT dds.hash_key('h_order', '1'), version, status, '2023-08-05', '2023-08-05', 0, 0, '2023-08-05', gen_random_uuid(), now(), 'test'
      FROM (VALUES ('v2', 'CANCELLED'), ('v1', 'CLOSED')) AS versions (version, status);
      INSERT INTO dds.s_order_cost
      SELECT h_order_pk, order_version, 300, 300, valid_from, gen_random_uuid(), now(), 'test' FROM dds.s_order_details;
      INSERT INTO dds.s_order_product
      SELECT dds.hash_key('l_order_product', '1', product), version, line, product, 100, 1, 'soups', '2023-08-05', gen_random_uuid(), now(), 'test'
      FROM (VALUES ('v1', 1, 'p'), ('v1', 2, 'q'), ('v2', 1, 'q'), ('v2', 2, 'q')) AS lines (version, line, product)`);
    const orders = await migrated.query(
      'SELECT order_id, order_version, final_status, cost FROM dds.order_current',
    );
    expect(orders.rows).toEqual([
      { order_id: '1', order_version: 'v2', final_status: 'CANCELLED', cost: '300.00000' },
    ]);
    const lines = await migrated.query('SELECT line, name FROM dds.order_line_current ORDER BY line');
    expect(lines.rows).toEqual([
      { line: 1, name: 'q' },
      { line: 2, name: 'q' },
    ]);
  });
});

/** The element with the greatest key. */
function greatest<T>(elements: T[], key: (element: T) => string): T | undefined {
  return elements.toSorted((a, b) => (key(a) < key(b) ? 1 : -1))[0];
}

/** As `npm run migrate`: what follows from the declarations of the tables comes last. */
async function migrateUp(): Promise<void> {
  await withSource({ url: migratedUrl, migrations }, async (source) => {
    await source.runMigrations();
    await deriveSchema(source, entities);
  });
}

/** A database of this test alone, on the server of the stack. */
function scratchUrl(purpose: string): string {
  const url = new URL(warehouseUrl);
  url.pathname = `/schema_spec_${purpose}_${process.pid}`;
  return url.href;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  return client;
}

async function withSource<T>(
  options: Partial<DataSourceOptions> & { url: string },
  use: (source: DataSource) => Promise<T>,
): Promise<T> {
  // The migrations make the one extension that is needed, and gen_random_uuid() needs none.
  const source = new DataSource({
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    ...options,
    type: 'postgres',
  } as DataSourceOptions);
  await source.initialize();
  try {
    return await use(source);
  } finally {
    await source.destroy();
  }
}

/**
 * Tables as TypeORM makes them of the entities. Views are made here, with the columns that their entities have and no
 * rows, since what they select is said in the migration alone.
 */
async function buildFromEntities(): Promise<void> {
  await built.query(
    'CREATE SCHEMA stg; CREATE SCHEMA dds; CREATE SCHEMA cdm; CREATE SCHEMA pipeline; CREATE SCHEMA operations; CREATE SEQUENCE stg.order_version_id; ' +
      "CREATE FUNCTION cdm.current_change() RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';" +
      "CREATE FUNCTION cdm.hold_back() RETURNS numeric[] LANGUAGE sql AS 'SELECT NULL::numeric[]';" +
      "CREATE FUNCTION cdm.are_conditions(jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
  );
  await withSource({ url: entitiesUrl, entities }, async (source) => {
    await source.synchronize();
    for (const view of source.entityMetadatas.filter(isView)) {
      const columns = view.columns.map((column) => {
        const size = column.precision ? `(${column.precision}, ${column.scale})` : '';
        const collation = column.collation ? `COLLATE "${column.collation}"` : '';
        return `NULL::${source.driver.normalizeType(column)}${size} ${collation} AS ${column.databaseName}`;
      });
      await source.query(`CREATE VIEW ${view.tablePath} AS SELECT ${columns.join(', ')}`);
      for (const { databaseName, comment = '' } of view.columns) {
        await source.query(
          `COMMENT ON COLUMN ${view.tablePath}.${databaseName} IS '${comment.replaceAll(`'`, `''`)}'`,
        );
      }
    }
  });
}

/**
 * What there is in the schemas stg, dds, cdm, pipeline and operations, one sorted line each, as PostgreSQL itself
 * spells it. Left out: names of primary keys, since TypeORM has its own; and, unless everything is asked for, what
 * entities cannot say.
 */
async function catalogue(client: Client, { everything = false } = {}): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `WITH relations AS (
       SELECT c.oid, c.relkind, format('%s.%s', nspname, relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE nspname IN ('stg', 'dds', 'cdm', 'pipeline', 'operations') AND relkind IN ('r', 'p', 'v', 'm')
     )
     SELECT CASE WHEN relkind = 'r' THEN concat_ws(' -- ', name || ': table', obj_description(oid, 'pg_class'))
                 WHEN $1 THEN concat_ws(' -- ', name || ': view' || pg_get_viewdef(oid), obj_description(oid, 'pg_class'))
                 ELSE name || ': view' END AS line
     FROM relations
     UNION ALL
     SELECT concat_ws(' ', name || '.' || attname || ':', format_type(atttypid, atttypmod), 'COLLATE ' || nullif(collname, 'default'),
       CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid),
       CASE attidentity WHEN 'a' THEN 'GENERATED ALWAYS' WHEN 'd' THEN 'GENERATED BY DEFAULT' END,
       '-- ' || col_description(relations.oid, attnum))
     FROM relations JOIN pg_attribute ON attrelid = relations.oid AND attnum > 0 AND NOT attisdropped
     LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     LEFT JOIN pg_collation ON pg_collation.oid = attcollation
     UNION ALL
     SELECT concat_ws(' ', name || ':', CASE WHEN contype <> 'p' THEN conname END, pg_get_constraintdef(pg_constraint.oid))
     FROM relations JOIN pg_constraint ON conrelid = relations.oid AND contype <> 'n'
     UNION ALL
     SELECT concat_ws(' ', name || ':', pg_get_indexdef(indexrelid))
     FROM relations JOIN pg_index ON indrelid = relations.oid
     WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
       AND ($1 OR NOT indexrelid::regclass::text = ANY ($2))`,
    [everything, [...notExpressible.keys()]],
  );
  return rows.map(({ line }) => line).sort();
}
