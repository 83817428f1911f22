import 'reflect-metadata';
import pg from 'pg';
import { declarations, type Place, type TableClass } from '@app/data-vault/columns';
import { entityClasses } from '../migrate/entity-classes';
import { reason, withoutSecrets } from '../servers/without-secrets';
import { placedKeys, type PlacedKey } from './placed-keys';

/** Table, where it is, and what became of its keys. */
export type Line = [table: string, where: string, changed: string];

/**
 * Spreads the tables of a migrated, empty database over the nodes of Citus, as their declarations say.
 * @param variable that holds the address
 * @param shards parts of each table
 * @returns a line for each table that does not stay on the coordinator
 * @throws a message without the password, where it can't be done or was done before: then nothing has changed
 */
export async function distribute(
  databaseUrl: string | undefined,
  variable: string,
  shards: number,
): Promise<Line[]> {
  const place = withoutSecrets(databaseUrl, variable);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the statement in hand says as much
  try {
    await client.connect();
    await client.query('BEGIN');
    const tables = await placedTables();
    await check(client, [...tables.keys()]);
    const lines = await spread(client, tables, shards);
    await client.query('COMMIT');
    return lines;
  } catch (error) {
    throw new Error(`Cannot distribute ${place}: ${reason(error)}`);
  } finally {
    await client.end().catch(() => {});
  }
}

/** By name; those that are everywhere first, since others refer to them. */
export async function placedTables(): Promise<Map<string, Place>> {
  const declared = ((await entityClasses()) as TableClass[]).flatMap((one) => declarations.get(one) ?? []);
  const placed = declared.filter(({ place }) => place !== 'one node');
  const inOrder = placed.toSorted(
    (a, b) => Number(b.place === 'everywhere') - Number(a.place === 'everywhere'),
  );
  return new Map(inOrder.map(({ schema, name, place }) => [`${schema}.${name}`, place]));
}

/** @throws where something stands in the way */
async function check(client: pg.Client, tables: string[]): Promise<void> {
  const isThere = async (text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows.length > 0;
  if (!(await isThere(`SELECT FROM pg_extension WHERE extname = 'citus'`))) {
    throw new Error(
      'it has no Citus. Run CREATE EXTENSION citus on every node, and add the workers to the coordinator',
    );
  }
  const missing = (
    await client.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL',
      [tables],
    )
  ).rows;
  if (missing.length > 0) {
    throw new Error('it has not all tables of this release. Run order-vault migrate first');
  }
  if (
    await isThere('SELECT FROM pg_dist_partition WHERE logicalrelid = ANY ($1::text[]::regclass[])', [tables])
  ) {
    throw new Error('it is distributed already');
  }
  if (!(await isThere('SELECT FROM pg_dist_node WHERE groupid = 0'))) {
    throw new Error('the coordinator is not among its nodes. Run citus_set_coordinator_host');
  }
  if (!(await isThere('SELECT FROM citus_get_active_worker_nodes() WHERE node_port IS NOT NULL'))) {
    throw new Error('it has no worker. Run citus_add_node for each');
  }
  for (const table of tables) {
    if (await isThere(`SELECT FROM ${table} LIMIT 1`)) {
      throw new Error(`${table} has rows, and only an empty warehouse can be distributed`);
    }
  }
}

async function spread(client: pg.Client, tables: Map<string, Place>, shards: number): Promise<Line[]> {
  // Foreign keys reach tables that are everywhere, so shards are made one after the other. The trigger on a name reads
  // nothing but its row and a table that is everywhere.
  await client.query(
    `SET LOCAL citus.multi_shard_modify_mode = 'sequential'; SET LOCAL citus.enable_unsafe_triggers = on;
     SET LOCAL citus.shard_count = ${shards}; SET LOCAL client_min_messages = warning`,
  );
  const keys = await placedKeys(client, tables);
  for (const { table, name } of keys.filter(({ isForeign }) => isForeign)) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  }
  for (const { table, name, definition } of keys.filter((key) => !key.isForeign)) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${definition}`);
  }
  // Shards of tables that are spread by one column are on the same nodes.
  const colocated = new Map<string, string>();
  for (const [table, place] of tables) {
    if (place === 'everywhere') {
      await client.query('SELECT create_reference_table($1)', [table]);
    } else if (place !== 'one node') {
      const values = [table, place.spreadBy, colocated.get(place.spreadBy) ?? 'none'];
      await client.query('SELECT create_distributed_table($1, $2, colocate_with => $3)', values);
      colocated.set(place.spreadBy, colocated.get(place.spreadBy) ?? table);
    }
  }
  for (const { table, name, definition } of keys.filter((key) => key.isForeign && key.definition)) {
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  }
  return Array.from(tables, ([table, place]) => [
    table,
    place === 'everywhere' ? 'every node' : `by ${(place as { spreadBy: string }).spreadBy}`,
    keys
      .filter((key) => key.table === table)
      .flatMap(changeOf)
      .join(', '),
  ]);
}

function changeOf({ name, definition, isChanged }: PlacedKey): string[] {
  if (!definition) {
    return [`${name} given up`];
  }
  return isChanged ? [`${name} is ${definition}`] : [];
}
