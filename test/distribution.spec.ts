import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Client } from 'pg';
import { keyDigest, uuidText } from '@app/data-vault/hash-key';
import { bucketOf, BUCKETS, hashOfBucket, hashOfKey } from '@app/data-vault/user-place';
import { partitionOfHash } from '@app/kafka/partition-of-key';
import { distribute, placedTables } from '../ops/distribute/distribute';
import { placedKeys, type PlacedKey } from '../ops/distribute/placed-keys';

/*
 * What a distributed PostgreSQL asks of the schema (docs/decisions/0046), held on a plain one: tables have the places
 * that their declarations say, and keys, foreign keys and triggers allow them. The statements against the same:
 * statements.spec.ts. On a distributed one: citus.spec.ts.
 */
let client: Client;
let tables: Awaited<ReturnType<typeof placedTables>>;
let keys: PlacedKey[];

beforeAll(async () => {
  client = new Client({ connectionString: inject('stack').DATABASE_URL });
  await client.connect();
  tables = await placedTables();
  keys = await placedKeys(client, tables);
  return () => client.end();
});

async function rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query(text, values)).rows as Row[];
}

const schemas = `('stg', 'dds', 'cdm', 'pipeline', 'operations')`;

describe('the schema', () => {
  it('leaves on the coordinator what has no user, and is no thing that orders refer to', async () => {
    const all = await rows<{ name: string }>(/* sql */ `
      SELECT format('%s.%s', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema IN ${schemas} AND table_type = 'BASE TABLE' ORDER BY 1`);
    expect(all.map(({ name }) => name).filter((name) => !tables.has(name))).toEqual([
      'cdm.audit_findings',
      'cdm.audit_rounds',
      'cdm.category_popularity_slots',
      'cdm.counted_batches',
      'cdm.daily_sales_slots',
      'cdm.product_popularity_slots',
      'cdm.restaurant_category_counters_slots',
      'cdm.tag_evaluations',
      'cdm.tag_rule_changes',
      'cdm.tag_rules',
      'cdm.webhook_deliveries',
      'cdm.webhooks',
      'operations.discarded_dead_letters',
      'operations.replayed_dead_letters',
      'pipeline.dead_letters',
      'pipeline.positions',
      'pipeline.schema_version',
      'pipeline.service_states',
      'stg.dictionary_entries',
      'stg.order_events',
      'stg.pending_orders',
      'stg.skipped_messages',
      'stg.superseded_order_events',
    ]);
  });

  it('has the column by which a table is spread', async () => {
    const spread = [...tables].filter(([, place]) => place !== 'everywhere');
    const found = await rows<{ name: string }>(
      /* sql */ `
      SELECT name FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS spread (name, spread_by, place)
      JOIN pg_attribute ON attrelid = name::regclass AND attname = spread_by ORDER BY place`,
      [spread.map(([name]) => name), spread.map(([, place]) => (place as { spreadBy: string }).spreadBy)],
    );
    expect(found.map(({ name }) => name)).toEqual(spread.map(([name]) => name));
  });

  it('has unique keys of marts that statements name with the user already, but for those that are named as a whole', () => {
    const changed = keys.filter(({ table, isForeign }) => table.startsWith('cdm.') && !isForeign);
    expect(changed.map(({ table, definition }) => `${table} ${definition}`).toSorted()).toEqual([
      'cdm.order_versions PRIMARY KEY (user_id, order_id)',
      'cdm.order_versions UNIQUE (user_id, object_id)',
      'cdm.user_category_counters PRIMARY KEY (user_id, id)',
      'cdm.user_product_counters PRIMARY KEY (user_id, id)',
      'cdm.user_tag_events PRIMARY KEY (user_id, event_id)',
      'cdm.users UNIQUE (user_id, source_user_id)',
    ]);
  });

  it('has no foreign key that has to be given up', async () => {
    const foreign = keys.filter(({ isForeign }) => isForeign);
    expect(foreign.length).toBeGreaterThan(15);
    expect(foreign.filter(({ definition }) => definition === undefined)).toEqual([]);
    // Nor one from the coordinator to a node.
    const others = await rows(
      `SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace::regnamespace::text IN ${schemas}
         AND conrelid <> ALL ($1::text[]::regclass[]) AND confrelid = ANY ($1::text[]::regclass[])`,
      [[...tables.keys()]],
    );
    expect(others).toEqual([]);
  });

  it('has triggers that read nothing but their row and the list of users who are forgotten', async () => {
    const triggers = await rows<{ name: string; body: string }>(
      /* sql */ `
      SELECT tgrelid::regclass::text AS name, prosrc AS body FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
      WHERE NOT tgisinternal AND tgrelid = ANY ($1::text[]::regclass[])`,
      [[...tables.keys()]],
    );
    expect(triggers.map(({ name }) => name)).toEqual(['dds.s_user_names']);
    const read = Array.from(triggers[0]!.body.matchAll(/FROM (\w+\.\w+)/g), ([, table]) => table!);
    expect(read.map((table) => tables.get(table))).toEqual(['everywhere']);
  });
});

describe('the place of a user', () => {
  const users = Array.from({ length: 2_000 }, (_, number) => keyDigest('h_user', `user ${number}`));

  it('is by the numbers that PostgreSQL makes of hash key and bucket', async () => {
    const found = await rows<{ key: number; bucket: number; of_bucket: number }>(
      /* sql */ `
      SELECT uuid_hash(key) AS key, bucket, hashint2(bucket::smallint) AS of_bucket
      FROM unnest($1::uuid[]) WITH ORDINALITY AS given (key, place)
      CROSS JOIN LATERAL (SELECT (get_byte(uuid_send(key), 0) << 7) | (get_byte(uuid_send(key), 1) >> 1) AS bucket) AS first
      ORDER BY place`,
      [users.map(uuidText)],
    );
    expect(
      users.map((user) => ({
        key: hashOfKey(user),
        bucket: bucketOf(user),
        of_bucket: hashOfBucket(bucketOf(user)),
      })),
    ).toEqual(found);
  });

  it('is in one part of a table for all users of a partition, where there are as many parts or a number that divides it', () => {
    for (const [partitions, shards] of [
      [6, 6],
      [24, 8],
      [24, 24],
    ] as const) {
      const shardsOf = new Map<number, Set<number>>();
      for (const user of users) {
        const partition = partitionOfHash(hashOfKey(user), partitions);
        // As Citus cuts the range of the numbers.
        const shard = Math.floor((hashOfKey(user) + 2 ** 31) / Math.floor(2 ** 32 / shards));
        shardsOf.set(partition, (shardsOf.get(partition) ?? new Set()).add(shard));
      }
      expect(shardsOf.size).toBe(partitions);
      expect([...shardsOf.values()].filter(({ size }) => size > 1)).toEqual([]);
    }
  });

  it('is in every partition alike', () => {
    const counts = Array.from({ length: 24 }, () => 0);
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      counts[partitionOfHash(hashOfBucket(bucket), 24)]! += 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(0.9 * (BUCKETS / 24));
    expect(Math.max(...counts)).toBeLessThan(1.1 * (BUCKETS / 24));
  });
});

it('a PostgreSQL without Citus is refused, and nothing changes', async () => {
  const url = inject('stack').DATABASE_URL;
  await expect(distribute(url, 'DATABASE_URL', 6)).rejects.toThrow(
    /^Cannot distribute postgres:\/\/\w+@[\w.:]+\/\w+: it has no Citus\. Run CREATE EXTENSION citus on every node/,
  );
  expect(await placedKeys(client, tables)).toEqual(keys);
});
