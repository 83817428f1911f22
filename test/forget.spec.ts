import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { IsOptional } from 'class-validator';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { IsKey } from '@app/contracts/contract-rules';
import { Personal } from '@app/contracts/personal';
import { Nested } from '@app/contracts/validate';
import { Field, FORGOTTEN_NAME } from '@app/data-vault/columns';
import {
  Hashdiff,
  Money,
  OrderVersion,
  Parent,
  Satellite,
  SubSequence,
  ValidFrom,
  VaultRow,
} from '@app/data-vault/declare';
import { keyDigest, type Digest } from '@app/data-vault/hash-key';
import { insertRows, rowsOf, VaultRows } from '@app/data-vault/vault-rows';
import { HOrder } from '../apps/dds/src/entities/h-order.entity';
import { LOrderProduct } from '../apps/dds/src/entities/l-order-product.entity';
import { blankObject } from '../ops/migrate/blank-messages';
import { entityClasses } from '../ops/migrate/entity-classes';
import { deriveSchema } from '../ops/migrate/derive-schema';
import { dictionary, menu, restaurantEntry, userEntry } from './guarantees/orders/small-town';
import { line, sourceText, type OrderChanges } from './guarantees/orders/source-text';
import { dumpTables, type Dump } from './harness/dump-tables';
import { runTool, type ToolRun } from './harness/run-tool';
import { usePipeline } from './harness/use-pipeline';

/*
 * npm run forget: the name and the login of a user are nowhere in the warehouse afterwards, and do not come back with
 * what comes again. Names that occur nowhere else are put in wherever one can be, and looked for in all columns of all
 * tables.
 */
const pipeline = usePipeline({ partitions: 2 });
const brokers = inject('stack').KAFKA_BROKERS;
const time = '2024-01-01 00:00:00';

const user = 'u-forget';
const canaries = ['Канареева', 'Kanareeva', 'kanarka_42', 'Zyablikova'];
const suffix = `${process.pid}_${Date.now()}`;
const forgetter = `forgetter_${suffix}`;
const stranger = `stranger_${suffix}`;

beforeAll(async () => {
  for (const [login, role] of [
    [forgetter, 'IN ROLE forgetting'],
    [stranger, ''],
  ]) {
    await pipeline.database.rows(`CREATE ROLE ${login} LOGIN PASSWORD 'hush' ${role}`);
  }
});

afterAll(async () => {
  const server = new Client({ connectionString: inject('stack').DATABASE_URL });
  await server.connect();
  await server.query(`DROP ROLE ${forgetter}, ${stranger}`);
  await server.end();
});

/** The address of the database, as this login. */
function urlOf(login: string): string {
  const url = new URL(pipeline.database.url);
  url.username = login;
  url.password = 'hush';
  return url.href;
}

function forget(args: string[], changes: Record<string, string> = {}): Promise<ToolRun> {
  const letters = ['stg', 'dds', 'cdm'].flatMap((name) => [
    '--dead-letter-topic',
    pipeline.topics.name(`${name}-service-dlq`),
  ]);
  return runTool('forget', [...args, ...letters], {
    DATABASE_URL: urlOf(forgetter),
    REDIS_URL: pipeline.dictionary.url,
    KAFKA_BROKERS: brokers,
    ...changes,
  });
}

/** An order of the user that says more of them than it has to, beside what it has to say. */
function tellingOrder(changes: OrderChanges): string {
  const { payload, ...message } = JSON.parse(sourceText({ user, ...changes })) as SourceMessage;
  const saying = {
    ...message,
    contact: { login: 'kanarka_42' },
    payload: {
      ...payload,
      comment: 'for Kanareeva',
      user: { ...payload.user, name: 'NAME' },
      order_items: payload.order_items.map((item) => ({ ...item, for: 'kanarka_42' })),
      statuses: payload.statuses.map((status) => ({ ...status, by: 'kanarka_42' })),
    },
  };
  return JSON.stringify(saying).replace('NAME', escaped('Канареева'));
}

interface SourceMessage {
  payload: { user: object; order_items: object[]; statuses: object[] };
}

/** As JSON may spell it, too. */
function escaped(name: string): string {
  return [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

/** Tables in which one of the names is, in any spelling. */
async function tablesThatTell(names: string[] = canaries): Promise<string[]> {
  const tables = await pipeline.database.rows<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE relkind IN ('r', 'p', 'm') AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')`,
  );
  const spellings = names.flatMap((name) => [
    name,
    escaped(name).replaceAll('\\', '\\\\'), // a row as a text doubles them
    Buffer.from(name).toString('hex'),
    Buffer.from(escaped(name)).toString('hex'),
    Buffer.from(name).toString('base64').replace(/.?=*$/, ''),
  ]);
  const saying: string[] = [];
  for (const { name } of tables) {
    const rows = await pipeline.database.rows(
      `SELECT FROM ${name} AS kept WHERE EXISTS (SELECT FROM unnest($1::text[]) AS s WHERE strpos(kept::text, s) > 0) LIMIT 1`,
      [spellings],
    );
    if (rows.length > 0) {
      saying.push(name);
    }
  }
  return saying.sort();
}

async function inDictionary(key: string): Promise<string | null> {
  const redis = new Redis(pipeline.dictionary.url);
  try {
    return await redis.get(key);
  } finally {
    redis.disconnect();
  }
}

/** The counters, the ledger and all else in the marts, and the vault but for names of users. */
async function figures(): Promise<Dump> {
  const dump = await dumpTables(pipeline.database);
  return Object.fromEntries(
    Object.entries(dump).filter(([table]) => !table.startsWith('stg.') && table !== 'dds.s_user_names'),
  );
}

async function counted(userId: string): Promise<number> {
  const [row] = await pipeline.database.rows<{ orders: number }>(
    `SELECT coalesce(sum(order_cnt), 0)::integer AS orders FROM cdm.user_product_counters JOIN cdm.users USING (user_id)
     WHERE source_user_id = $1`,
    [userId],
  );
  return row!.orders;
}

describe('a user who is forgotten', () => {
  let dry: ToolRun;
  let before: Dump;
  let figuresBefore: Dump;
  let run: ToolRun;

  beforeAll(async () => {
    await pipeline.dictionary.put({
      ...dictionary,
      [user]: JSON.stringify({
        _id: user,
        name: 'Zyablikova',
        login: 'kanarka_42',
        phone: 'Kanareeva',
        update_ts: time,
      }),
    });
    await pipeline.sendOrders([{ value: sourceText({ id: 1, user }) }, { value: sourceText({ id: 50 }) }]);
    await pipeline.settled();
    // Two names with the same time, and one later.
    await pipeline.dictionary.put({
      [user]: JSON.stringify({ _id: user, name: 'Канареева', login: 'kanarka_42', update_ts_utc: time }),
    });
    await pipeline.sendOrders([{ value: tellingOrder({ id: 2, updateTs: '2024-03-01 13:00:00' }) }]);
    await pipeline.settled();
    await pipeline.dictionary.put({ [user]: userEntry(user, 'Kanareeva', '2024-02-01 00:00:00') });
    await pipeline.sendOrders([
      { value: tellingOrder({ id: 2, items: [line('d2')], updateTs: '2024-03-01 14:00:00' }) },
      {
        value: tellingOrder({ id: 3, restaurant: 'r-late' }),
        key: 'kanarka_42',
        headers: { from: ['Kanareeva', 'kanarka_42'] },
      },
    ]);
    await pipeline.topics.send('stg-service-orders', [
      {
        value: JSON.stringify({ object_id: 9, payload: { user: { id: user, name: 'Kanareeva' } } }),
        key: user,
      },
      {
        value: JSON.stringify({ object_id: 9, payload: { user: { id: 'u-forget-not', name: 'x' } } }),
        key: 'u',
      },
    ]);
    await pipeline.settled();

    before = await dumpTables(pipeline.database);
    figuresBefore = await figures();
    dry = await forget([user]);
  });

  it('was in these tables before: the search finds', async () => {
    expect(await tablesThatTell()).toEqual([
      'dds.s_user_names',
      'stg.dictionary_entries',
      'stg.order_events',
      'stg.pending_orders',
      'stg.superseded_order_events',
    ]);
    expect(
      before['dds.s_user_names']!.filter((row) => canaries.some((name) => row.includes(name))),
    ).toHaveLength(3);
  });

  it('would be: the trial says by table what would change, names nobody, and changes nothing', async () => {
    expect(dry.stderr).toBe('');
    expect(dry.code).toBe(0);
    for (const [table, rows] of Object.entries({
      'stg.order_events': 3,
      'stg.superseded_order_events': 1,
      'stg.pending_orders': 1,
      'stg.dictionary_entries': 3,
      'dds.s_user_names': 3,
    })) {
      expect(dry.stdout).toContain(`Rows of ${table} that would be blanked: ${rows}`);
    }
    expect(dry.stdout).toContain('Entry in the dictionary: would be blanked');
    expect(dry.stdout).toContain('--execute');
    expect(canaries.filter((name) => dry.stdout.includes(name))).toEqual([]);
    expect(await dumpTables(pipeline.database)).toEqual(before);
    expect(await inDictionary(user)).toContain('Kanareeva');
    expect(await pipeline.database.rows('SELECT * FROM operations.forgotten_users')).toEqual([]);
  });

  it('is named nowhere any more, neither in a table nor in the dictionary', async () => {
    run = await forget([user, '--execute']);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('Rows of dds.s_user_names that were blanked: 3');
    expect(canaries.filter((name) => run.stdout.includes(name))).toEqual([]);
    expect(await tablesThatTell()).toEqual([]);
    expect(await inDictionary(user)).toBe(
      JSON.stringify({ _id: user, name: '[forgotten]', update_ts_utc: '2024-02-01 00:00:00' }),
    );
  });

  it('keeps their orders, keys, counters and tags; nobody else changes', async () => {
    expect(await figures()).toEqual(figuresBefore);
    const others = (dump: Dump) => dump['dds.s_user_names']!.filter((row) => row.includes('User '));
    expect(others(await dumpTables(pipeline.database))).toEqual(others(before));
    expect(await inDictionary('u1')).toBe(dictionary.u1);
  });

  it('has in the vault the keys that its rows give', async () => {
    const rows = await pipeline.database.rows(
      `SELECT username, userlogin, valid_from::text, hk_user_names_hashdiff = dds.hash_key('s_user_names', username, userlogin) AS said
       FROM dds.s_user_names JOIN dds.h_user USING (h_user_pk) WHERE user_id = $1 ORDER BY valid_from`,
      [user],
    );
    expect(rows).toEqual(
      [time, '2024-02-01 00:00:00'].map((valid_from) => ({
        username: '[forgotten]',
        userlogin: null,
        valid_from,
        said: true,
      })),
    );
  });

  it('keeps of their orders what the pipeline reads, numbers as they were', async () => {
    const [row] = await pipeline.database.rows<{ payload: string }>(
      'SELECT payload FROM stg.order_events WHERE object_id = 2',
    );
    const { payload } = JSON.parse(
      sourceText({ id: 2, user, items: [line('d2')], updateTs: '2024-03-01 14:00:00' }),
    ) as {
      payload: unknown;
    };
    expect(JSON.parse(row!.payload)).toEqual(payload);
  });

  it('is in these dead letters, which only an administrator of Kafka can delete', async () => {
    const letters = await pipeline.deadLetters('dds');
    const { topic, partition, offset } = letters.find(({ value }) => value!.includes(`"${user}"`))!;
    expect(run.stdout).toContain('Dead letters that hold the id: 1.');
    expect(run.stdout).toContain(`${topic}:${partition}:${offset}`);
    expect(run.stdout).toContain(
      JSON.stringify({ partitions: [{ topic, partition, offset: Number(offset) + 1 }], version: 1 }),
    );
  });

  it('does not come back with anything that is read again', async () => {
    const after = await dumpTables(pipeline.database);
    await pipeline.replay();
    await pipeline.settled();
    expect(await tablesThatTell()).toEqual([]);
    expect(await dumpTables(pipeline.database)).toEqual(after);
  });

  it('has an order that waited, which goes on as the version that it was', async () => {
    const [waiting] = await pipeline.database.rows<{ order_version: string }>(
      'SELECT order_version FROM stg.pending_orders WHERE object_id = 3',
    );
    await pipeline.dictionary.put({ 'r-late': restaurantEntry('r-late', 'Late', menu, time) });
    await pipeline.settled();
    expect(
      await pipeline.database.rows('SELECT order_version FROM cdm.order_versions WHERE object_id = 3'),
    ).toEqual([waiting]);
    expect(await tablesThatTell()).toEqual([]);
  });

  it('may order again: it counts, and is nobody', async () => {
    const count = await counted(user);
    await pipeline.sendOrders([{ value: sourceText({ id: 4, user }) }]);
    await pipeline.settled();
    expect(await counted(user)).toBe(count + 1);
    const outputs = (await pipeline.outputs('stg')).filter(({ value }) => value!.includes('"object_id":4,'));
    expect(JSON.parse(String(outputs.at(-1)!.value))).toMatchObject({
      payload: { user: { name: '[forgotten]', login: null } },
    });
  });

  it('stays nobody in the warehouse when the source writes the name again', async () => {
    await pipeline.dictionary.put({ [user]: userEntry(user, 'Kanareeva', '2024-04-01 00:00:00') });
    await pipeline.sendOrders([{ value: sourceText({ id: 5, user }) }]);
    await pipeline.settled();
    expect(await tablesThatTell()).toEqual([]);
    expect(
      await pipeline.database.rows('SELECT username FROM dds.user_current WHERE user_id = $1', [user]),
    ).toEqual([{ username: '[forgotten]' }]);
    await pipeline.dictionary.put({ [user]: null });
    await pipeline.sendOrders([{ value: sourceText({ id: 6, user }) }]);
    await pipeline.settled();
    expect(await pipeline.database.rows('SELECT FROM cdm.order_versions WHERE object_id = 6')).toHaveLength(
      1,
    );
  });

  it('can be forgotten again, and then nothing changes', async () => {
    const { stdout } = await forget([user, '--execute']);
    expect(stdout).toContain('Rows of stg.dictionary_entries that were blanked: 0');
    expect(stdout).toContain('Rows of dds.s_user_names that were blanked: 0');
  });
});

describe('while their orders flow', () => {
  it('leaves no name behind, loses no order and counts none twice', async () => {
    const busy = 'u-busy';
    const orders = 2_000;
    await pipeline.dictionary.put({ [busy]: userEntry(busy, 'Kanareeva', time) });
    const sending = async () => {
      for (let id = 10_000; id < 10_000 + orders; id += 100) {
        await pipeline.dictionary.put({
          [busy]: userEntry(
            busy,
            'Kanareeva',
            `2024-05-01 00:00:${String((id / 100) % 60).padStart(2, '0')}`,
          ),
        });
        await pipeline.sendOrders(
          Array.from({ length: 100 }, (_, place) => ({
            value: sourceText({ id: id + place, user: busy }),
            partition: place % 2,
          })),
        );
        await sleep(100);
      }
    };
    const forgetting = async () => {
      await expect.poll(() => counted(busy)).toBeGreaterThan(0);
      return forget([busy, '--execute']);
    };
    const [, run] = await Promise.all([sending(), forgetting()]);
    expect(run.stderr).toBe('');
    await pipeline.settled();
    expect(await tablesThatTell(['Kanareeva'])).toEqual([]);
    expect(await counted(busy)).toBe(orders);
  });
});

class Address {
  @IsKey() @Personal() street!: string;
  @IsKey() city!: string;
}

/** A message with members that it need not have. */
class Delivery {
  @IsOptional() @Nested(() => Address) to?: Address | null;
  @IsOptional() @Nested(() => Address, 'list') past?: Address[] | null;
  @IsOptional() @IsKey() @Personal() wish?: string | null;
}

describe('what is left of members that a message need not have', () => {
  it.each([
    [{}, {}],
    [
      { to: null, past: null, wish: null },
      { to: null, past: null, wish: null },
    ],
    [{ past: [] }, { past: [] }],
    [
      {
        to: { street: 'Lenina 1', city: 'Perm', door: 5 },
        past: [{ street: 'Mira 2', city: 'Omsk' }],
        wish: 'hot',
      },
      {
        to: { street: '[forgotten]', city: 'Perm' },
        past: [{ street: '[forgotten]', city: 'Omsk' }],
        wish: '[forgotten]',
      },
    ],
  ])('of %j is %j', async (message, left) => {
    const blanked = `SELECT ${blankObject(Delivery, 'message')} AS left FROM (VALUES ($1::json)) AS given (message)`;
    const [row] = await pipeline.database.rows<{ left: string }>(blanked, [JSON.stringify(message)]);
    expect(JSON.parse(row!.left)).toEqual(left);
  });
});

@Satellite('s_order_address', 'Satellite of h_order: where an order goes')
class SOrderAddress extends VaultRow {
  @Parent(() => HOrder, 'Hash key of the order')
  h_order_pk!: Digest;

  @Field('text', 'Street and house', { personal: { blankedTo: FORGOTTEN_NAME } })
  street!: string;

  @Money('Fee of the delivery')
  fee!: string;

  @ValidFrom('Since when')
  valid_from!: string;

  @Hashdiff('Digest of street and fee')
  hk_order_address_hashdiff!: Digest;
}

@Satellite('s_line_notes', 'Satellite of l_order_product: wishes')
class SLineNotes extends VaultRow {
  @Parent(() => LOrderProduct, 'Hash key of the link')
  hk_order_product_pk!: Digest;

  @OrderVersion()
  order_version!: string;

  @SubSequence('Place of the line')
  line!: number;

  @Field('text', 'What was wished', { nullable: true, personal: { blankedTo: 'NULL' } })
  note!: string | null;

  @ValidFrom('Since when')
  valid_from!: string;

  @Hashdiff('Digest of the note')
  hk_line_notes_hashdiff!: Digest;
}

describe('a satellite that is added later', () => {
  interface Delivery {
    order: string;
    dish: string;
    street: string;
    fee: string;
    since: string;
  }
  const addresses = rowsOf(SOrderAddress, ({ order, street, fee, since }: Delivery) => [
    { h_order_pk: keyDigest('h_order', order), street, fee, valid_from: since },
  ]);
  const notes = rowsOf(SLineNotes, ({ order, dish, street, since }: Delivery) => [
    {
      hk_order_product_pk: keyDigest('l_order_product', order, dish),
      order_version: since,
      line: 1,
      note: street,
      valid_from: since,
    },
  ]);
  const moved = 'u-moved';
  const settled = 'u-settled';
  const deliveries: Delivery[] = [
    { order: '70', dish: 'd1', street: 'Kanareeva 1', fee: '1.5', since: time },
    { order: '70', dish: 'd1', street: 'Kanareeva 2', fee: '1.5', since: time },
    { order: '70', dish: 'd1', street: 'Kanareeva 2', fee: '2', since: time },
    { order: '70', dish: 'd1', street: 'Kanareeva 2', fee: '2', since: '2024-02-01 00:00:00' },
    { order: '71', dish: 'd1', street: 'Another 1', fee: '0', since: time },
  ];

  let migrator: Client;

  beforeAll(async () => {
    migrator = new Client({ connectionString: pipeline.database.url });
    await migrator.connect();
    await pipeline.dictionary.put({
      [moved]: userEntry(moved, 'Kanareeva', time),
      [settled]: userEntry(settled, 'User of no canary', time),
    });
    await pipeline.sendOrders([
      { value: sourceText({ id: 70, user: moved, items: [line('d1')] }) },
      { value: sourceText({ id: 71, user: settled, items: [line('d1')] }) },
    ]);
    await pipeline.settled();
    await migrator.query(`
      CREATE TABLE dds.s_order_address (
        h_order_pk                 uuid NOT NULL REFERENCES dds.h_order,
        street                     text NOT NULL,
        fee                        numeric(19, 5) NOT NULL CHECK (fee >= 0),
        valid_from                 timestamp NOT NULL,
        hk_order_address_hashdiff  uuid NOT NULL,
        load_dt                    timestamptz NOT NULL DEFAULT now(),
        load_src                   text NOT NULL,
        PRIMARY KEY (h_order_pk, valid_from, hk_order_address_hashdiff)
      );
      CREATE TABLE dds.s_line_notes (
        hk_order_product_pk     uuid NOT NULL REFERENCES dds.l_order_product,
        order_version           text COLLATE "C" NOT NULL,
        line                    integer NOT NULL CHECK (line >= 1),
        note                    text,
        valid_from              timestamp NOT NULL,
        hk_line_notes_hashdiff  uuid NOT NULL,
        load_dt                 timestamptz NOT NULL DEFAULT now(),
        load_src                text NOT NULL,
        PRIMARY KEY (hk_order_product_pk, order_version, line)
      )`);
    await derive([SOrderAddress, SLineNotes]);
    await load(deliveries);
  });

  afterAll(async () => {
    await migrator.query('DROP TABLE dds.s_order_address, dds.s_line_notes');
    await derive([]);
    await migrator.end();
  });

  async function derive(added: (new () => object)[]): Promise<void> {
    const query = async (text: string, values?: unknown[]) =>
      (await migrator.query(text, values)).rows as never;
    await deriveSchema({ query }, [...(await entityClasses()), ...added]);
  }

  /** As dds does. */
  async function load(things: Delivery[]): Promise<void> {
    const rows = new VaultRows().add(things, [addresses, notes]);
    for (const { table } of [addresses, notes]) {
      await insertRows(migrator as never, table, rows, { loadSrc: 'test' });
    }
  }

  const stored = () =>
    pipeline.database.rows(`
      SELECT order_id, street, fee, valid_from::text, note,
        hk_order_address_hashdiff = dds.hash_key('s_order_address', street, trim_scale(fee)::text) AS address_kept,
        hk_line_notes_hashdiff = dds.hash_key('s_line_notes', note) AS note_kept
      FROM dds.s_order_address JOIN dds.h_order USING (h_order_pk) JOIN dds.l_order_product USING (h_order_pk)
      JOIN dds.s_line_notes USING (hk_order_product_pk, valid_from) ORDER BY order_id, valid_from, fee`);
  const said = { address_kept: true, note_kept: true };
  const nobody = { order_id: '70', street: '[forgotten]', note: null, ...said };
  const left = [
    { ...nobody, fee: '1.50000', valid_from: time },
    { ...nobody, fee: '2.00000', valid_from: time },
    { ...nobody, fee: '2.00000', valid_from: '2024-02-01 00:00:00' },
    { order_id: '71', street: 'Another 1', note: 'Another 1', fee: '0.00000', valid_from: time, ...said },
  ];

  it('has the user before', async () => {
    expect(await tablesThatTell(['Kanareeva'])).toEqual(
      expect.arrayContaining(['dds.s_line_notes', 'dds.s_order_address']),
    );
  });

  it('is blanked with the digests of what is left; rows that become one are one', async () => {
    const { stdout, stderr } = await forget([moved, '--execute']);
    expect(stderr).toBe('');
    expect(stdout).toContain('Rows of dds.s_order_address that were blanked: 4');
    expect(stdout).toContain('Rows of dds.s_line_notes that were blanked: 2');
    expect(await tablesThatTell(['Kanareeva'])).toEqual([]);
    expect(await stored()).toEqual(left);
  });

  it('stays blank when it is loaded again', async () => {
    await load(deliveries);
    expect(await stored()).toEqual(left);
  });

  it('is blank in later orders, too', async () => {
    await pipeline.sendOrders([{ value: sourceText({ id: 72, user: moved, items: [line('d1')] }) }]);
    await pipeline.settled();
    await load([{ order: '72', dish: 'd1', street: 'Kanareeva 3', fee: '1', since: time }]);
    expect(await stored()).toEqual([
      ...left,
      { ...nobody, order_id: '72', fee: '1.00000', valid_from: time },
    ]);
  });
});

describe('nobody else', () => {
  async function refusal(login: string, statement: string): Promise<string> {
    const client = new Client({ connectionString: urlOf(login) });
    await client.connect();
    try {
      await client.query(statement);
      return 'allowed';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end();
    }
  }

  const deeds = [
    `SELECT operations.forget_user('u1')`,
    `INSERT INTO operations.forgotten_users VALUES ('u1', gen_random_uuid())`,
    `UPDATE dds.s_user_names SET username = ''`,
    `UPDATE stg.dictionary_entries SET entry = '{}'`,
  ];

  it.each(deeds)('may do this: %s', async (deed) => {
    expect(await refusal(stranger, deed)).toContain('permission denied');
    const roles = await pipeline.database.rows<{ rolname: string }>(
      `SELECT rolname FROM pg_roles
       WHERE rolname IN ('report_reader', 'stg_service', 'dds_service', 'cdm_service', 'warehouse_operator')`,
    );
    for (const { rolname } of roles) {
      await pipeline.database.rows(`GRANT ${rolname} TO ${stranger}`);
      expect(await refusal(stranger, deed)).toContain('permission denied');
      await pipeline.database.rows(`REVOKE ${rolname} FROM ${stranger}`);
    }
  });

  it.each([
    ...deeds.slice(1),
    'SELECT FROM dds.s_user_names',
    'SELECT FROM stg.order_events',
    'SELECT FROM cdm.users',
    'SELECT FROM operations.forgotten_users',
    'DELETE FROM dds.s_user_names',
  ])('of those who may forget may do more: %s', async (deed) => {
    expect(await refusal(forgetter, deed)).toContain('permission denied');
  });
});

describe('the tool', () => {
  it.each([
    ['no user', [], "'user-id'"],
    ['two users', ['u1', 'u2'], 'got 2'],
    ['an unknown option', ['u1', '--yes'], '--yes'],
    ['a user that nobody knows', ['u-nobody', '--execute'], '"u-nobody"'],
    ['a restaurant', ['r1', '--execute'], '"r1"'],
  ])('refuses %s and names it', async (_, args, said) => {
    const { code, stderr } = await forget(args);
    expect(code).toBe(1);
    expect(stderr).toContain(said);
  });

  it('leaves the warehouse alone when it cannot reach the dictionary', async () => {
    const { code, stderr } = await forget(['u1', '--execute'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(stderr).toContain('REDIS_URL');
    expect(await tablesThatTell(['User 1'])).toContain('dds.s_user_names');
  });

  it('says so when its login may not forget', async () => {
    const { code, stderr } = await forget(['u1', '--execute'], { DATABASE_URL: urlOf(stranger) });
    expect(code).toBe(1);
    expect(stderr).toContain('permission denied');
  });

  it('says what it has not looked at', async () => {
    const { stdout } = await forget(['u1'], { REDIS_URL: '', KAFKA_BROKERS: '' });
    expect(stdout).toContain('REDIS_URL is not set');
    expect(stdout).toContain('KAFKA_BROKERS is not set');
  });

  it('explains itself', async () => {
    const { stdout, code } = await forget(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('<user-id>');
  });
});
