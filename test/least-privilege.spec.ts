import { join } from 'node:path';
import { Client } from 'pg';
import type { Admin } from 'kafkajs';
import { RecordReader } from '@app/kafka/record-reader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marts } from '../apps/cdm/src/marts/marts';
import { orderTable, vaultTables } from '../apps/dds/src/vault/vault';
import { migrate } from '../ops/migrate/migrate';
import type { Login } from '../dev/services/service-logins';
import { kafkaIsMissing } from '../dev/stack/kafka-server';
import { createTopics } from '../ops/topics/create-topics';
import { kafkaAcls, kafkaRights, type KafkaUser } from '../ops/topics/kafka-acls';
import { topicTable } from '../ops/topics/topic-table';
import { eventually } from './harness/eventually';
import { liveness, readiness } from './guarantees/crash/service-health';
import { useSecuredStack } from './harness/secured-stack';
import { ServiceProcess, type ServiceName } from './harness/service-process';

/*
 * Every role may do what it needs, which the other tests show, since they run under these very roles; and nothing else,
 * which is tried here, statement by statement and topic by topic.
 */
const DENIED = '42501';
/** A login that may not even know of a group does not hear which broker coordinates it. */
const GROUP_REFUSED = /^(GROUP_AUTHORIZATION_FAILED|Failed to find group coordinator)$/;
const SAID_MS = 90_000;

// Docker's stack has no authorizer.
describe.skipIf(kafkaIsMissing())('of all that there is', () => {
  const stack = useSecuredStack();

  describe('in PostgreSQL', () => {
    const clients = {} as Record<Login, Client>;
    let admin: Client;
    let refused: string;

    beforeAll(async () => {
      admin = await connect(stack.environment.DATABASE_URL);
      // As on a managed server: the login that migrates owns the database, and may make no roles.
      await admin.query(`CREATE ROLE migrator LOGIN PASSWORD 'migrator'`);
      await admin.query('ALTER DATABASE order_vault OWNER TO migrator');
      const url = new URL(stack.environment.DATABASE_URL);
      [url.username, url.password] = ['migrator', 'migrator'];
      refused = await migrate(url.href).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
      await admin.query(refused.match(/CREATE ROLE.*;/g)?.join('') ?? '');
      await migrate(url.href);
      for (const [login, address] of Object.entries(await stack.logins())) {
        clients[login as Login] = await connect(address);
      }
    });

    afterAll(async () => {
      await Promise.all([admin, ...Object.values(clients)].map((client) => client?.end()));
    });

    it('a migration that may make no roles says what an administrator runs, and then works', async () => {
      expect(refused.split('\n')).toEqual([
        expect.stringContaining('4 roles are missing, and this login may not create any') as unknown,
        '  CREATE ROLE stg_service NOLOGIN;',
        '  CREATE ROLE dds_service NOLOGIN;',
        '  CREATE ROLE cdm_service NOLOGIN;',
        '  CREATE ROLE warehouse_operator NOLOGIN;',
        'and migrate again.',
      ]);
      const { rows } = await admin.query(
        `SELECT DISTINCT nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname IN ('stg', 'dds', 'cdm', 'pipeline', 'report')`,
      );
      expect(rows).toEqual([{ owner: 'migrator' }]);
    });

    it('stg may work on staging', async () => {
      expect(await allowedTo('stg')).toEqual([
        'pipeline.dead_letters: SELECT INSERT UPDATE',
        'pipeline.positions: SELECT INSERT UPDATE',
        'pipeline.schema_version: SELECT',
        'pipeline.service_states: SELECT INSERT UPDATE DELETE',
        'stg.dictionary_entries: SELECT INSERT',
        'stg.order_events: SELECT INSERT UPDATE',
        'stg.pending_orders: SELECT INSERT UPDATE DELETE',
        'stg.skipped_messages: INSERT',
        'stg.superseded_order_events: SELECT INSERT',
      ]);
    });

    it('dds may read and add to the vault', async () => {
      const { rows } = await admin.query<{ name: string }>(
        `SELECT 'dds.' || tablename AS name FROM pg_tables WHERE schemaname = 'dds' ORDER BY 1`,
      );
      expect(rows.length).toBe([orderTable, ...vaultTables].length);
      expect(await allowedTo('dds')).toEqual([
        ...rows.map(({ name }) => `${name}: SELECT INSERT`),
        'pipeline.dead_letters: SELECT INSERT UPDATE',
        'pipeline.positions: SELECT INSERT UPDATE',
        'pipeline.schema_version: SELECT',
        'pipeline.service_states: SELECT INSERT UPDATE DELETE',
      ]);
    });

    it('cdm may work on the marts', async () => {
      const all = [
        ...marts.map(({ name, slots }) =>
          slots ? `${slots.table}: SELECT INSERT UPDATE` : `cdm.${name}: SELECT INSERT UPDATE DELETE`,
        ),
        'cdm.audit_findings: SELECT INSERT UPDATE DELETE',
        'cdm.audit_rounds: SELECT INSERT UPDATE',
        'cdm.counted_batches: SELECT INSERT UPDATE',
        'cdm.order_versions: SELECT INSERT UPDATE',
        'cdm.product_names: SELECT INSERT UPDATE',
        'cdm.restaurant_names: SELECT INSERT UPDATE',
        'cdm.tag_evaluations: SELECT INSERT UPDATE DELETE',
        'cdm.tag_rule_changes: SELECT INSERT',
        'cdm.tag_rule_products: SELECT INSERT DELETE',
        'cdm.tag_rules: SELECT INSERT UPDATE DELETE',
        'cdm.user_rule_states: SELECT INSERT UPDATE DELETE',
        'cdm.user_tag_events: SELECT INSERT',
        'cdm.user_tags: SELECT INSERT DELETE',
        'cdm.users: SELECT INSERT UPDATE',
        'cdm.webhook_deliveries: SELECT INSERT UPDATE DELETE',
        'cdm.webhooks: SELECT INSERT UPDATE DELETE',
        'pipeline.dead_letters: SELECT INSERT UPDATE',
        'pipeline.positions: SELECT INSERT UPDATE',
        'pipeline.schema_version: SELECT',
        'pipeline.service_states: SELECT INSERT UPDATE DELETE',
      ];
      expect(await allowedTo('cdm')).toEqual(all.toSorted());
      // The life of one order, by functions of the owner.
      await clients.cdm.query('SELECT pipeline.staged_order(1), pipeline.vault_order(1)');
      // What the auditor asks of the others, in the same way.
      await clients.cdm.query(
        'SELECT pipeline.audit_bound(0, 1), pipeline.audit_staging(0, 1), pipeline.audit_vault(0, 1)',
      );
      await clients.cdm.query(`SELECT pipeline.audit_entries('{}'), pipeline.audit_facts('{}', '{}', '{}')`);
      await clients.cdm.query(`SELECT pipeline.audit_entries_of('user', '{}')`);
      // What operators do from the page.
      await clients.cdm
        .query(`SELECT pipeline.parked_orders(NULL, NULL, NULL, NULL, 1, 0), pipeline.parked_message(1, ''),
        pipeline.count_parked(NULL, NULL, NULL, NULL), pipeline.retry_parked(NULL, NULL, 1, NULL),
        pipeline.give_up_parked(NULL, NULL, 1, NULL, NULL)`);
      await clients.cdm.query(
        'SELECT FROM operations.replayed_dead_letters, operations.discarded_dead_letters',
      );
      // The orders and names of a moment.
      await clients.cdm.query(
        `SELECT pipeline.orders_at(now(), 'infinity', order_id, order_id), pipeline.names_at(now(), 'infinity')
         FROM cdm.order_versions`,
      );
    });

    it('an operator may read all, and mend what can be built again', async () => {
      const { rows } = await admin.query<{ schema: string; name: string }>(
        `SELECT schemaname AS schema, schemaname || '.' || tablename AS name FROM pg_tables
         WHERE schemaname IN ('stg', 'dds', 'cdm', 'pipeline') ORDER BY 2`,
      );
      const other: Record<string, string> = {
        'stg.pending_orders': 'SELECT UPDATE DELETE',
        'cdm.audit_findings': 'SELECT',
        'cdm.audit_rounds': 'SELECT',
        'cdm.tag_rule_changes': 'SELECT INSERT',
        'cdm.webhooks': 'SELECT',
        'cdm.webhook_deliveries': 'SELECT',
        'pipeline.dead_letters': 'SELECT INSERT UPDATE',
      };
      const usual: Record<string, string> = {
        dds: 'SELECT INSERT',
        cdm: 'SELECT INSERT UPDATE DELETE TRUNCATE',
      };
      expect(await allowedTo('operator')).toEqual(
        rows.map(({ schema, name }) => `${name}: ${other[name] ?? usual[schema] ?? 'SELECT'}`),
      );
      await clients.operator.query('SELECT FROM report.daily_sales, dds.user_current LIMIT 0');
    });

    it.each([
      ['stg', 'SELECT username FROM dds.s_user_names'],
      ['stg', `UPDATE stg.superseded_order_events SET payload = '{}'`],
      ['stg', 'DELETE FROM stg.superseded_order_events'],
      ['stg', 'SELECT source_user_id FROM cdm.users'],
      ['stg', 'SELECT FROM report.daily_sales'],
      ['stg', `SELECT setval('stg.order_version_id', 1)`],
      ['dds', 'SELECT FROM dds.h_order FOR UPDATE'],
      ['dds', 'SELECT FROM dds.h_order FOR KEY SHARE'],
      [
        'dds',
        'INSERT INTO dds.h_user SELECT * FROM dds.h_user ON CONFLICT (h_user_pk) DO UPDATE SET load_src = NULL',
      ],
      ['dds', 'MERGE INTO dds.h_user USING dds.h_order ON false WHEN MATCHED THEN DELETE'],
      ['dds', 'LOCK TABLE dds.h_user IN ACCESS EXCLUSIVE MODE'],
      ['dds', 'SELECT payload FROM stg.order_events'],
      ['dds', 'SELECT FROM cdm.order_versions'],
      ['cdm', 'SELECT username FROM dds.s_user_names'],
      ['cdm', 'SELECT username FROM dds.user_current'],
      ['cdm', 'SELECT entry FROM stg.dictionary_entries'],
      ['cdm', 'SELECT payload FROM stg.order_events'],
      ['dds', 'SELECT pipeline.staged_order(1)'],
      ['dds', `SELECT pipeline.parked_message(1, '')`],
      ['stg', 'SELECT pipeline.give_up_parked(NULL, NULL, NULL, NULL, NULL)'],
      ['cdm', 'SELECT message_value FROM stg.pending_orders'],
      ['cdm', 'SELECT user_id FROM operations.forgotten_users'],
      ['cdm', `SELECT operations.forget_user('u1')`],
      ['stg', 'SELECT FROM operations.discarded_dead_letters'],
      ['stg', 'SELECT pipeline.vault_order(1)'],
      ['dds', `SELECT pipeline.names_at(now(), now()::timestamp)`],
      ['stg', 'SELECT pipeline.orders_at(now(), now()::timestamp, h_order_pk, h_order_pk) FROM dds.h_order'],
      ['cdm', `UPDATE cdm.user_tag_events SET event = 'revoked'`],
      ['operator', 'SELECT secret FROM cdm.webhooks'],
      ['operator', `UPDATE stg.order_events SET payload = '{}'`],
      ['operator', 'UPDATE dds.s_user_names SET username = NULL'],
      ['operator', 'DELETE FROM dds.s_order_cost'],
      ['operator', 'DELETE FROM stg.dictionary_entries'],
    ] as const)('%s may not: %s', async (login, statement) => {
      expect(await tried(clients[login], statement)).toBe(DENIED);
    });

    it.each(['stg', 'dds', 'cdm', 'operator'] as const)(
      '%s may change no schema, role or table',
      async (login) => {
        const schema = login === 'operator' ? 'cdm' : login;
        const { rows } = await admin.query<{ name: string }>(
          `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = $1 LIMIT 1`,
          [schema],
        );
        const table = rows[0]!.name;
        for (const statement of [
          'CREATE SCHEMA extra',
          'CREATE TABLE public.extra (id bigint)',
          `CREATE TABLE ${schema}.extra (id bigint)`,
          `CREATE INDEX ON ${table} (load_dt)`,
          `ALTER TABLE ${table} ADD extra text`,
          `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
          `DROP TABLE ${table} CASCADE`,
          `DROP SCHEMA ${schema} CASCADE`,
          `CREATE ROLE extra`,
          'SET ROLE migrator',
          `ALTER ROLE migrator PASSWORD 'mine'`,
          `SET session_replication_role = replica`,
        ]) {
          expect([statement, await tried(clients[login], statement)]).toEqual([statement, DENIED]);
        }
      },
    );

    it('a table that a later migration adds can be read by the operator, in the vault by dds too', async () => {
      await admin.query('SET ROLE migrator');
      await admin.query('CREATE TABLE dds.later (id bigint); CREATE TABLE cdm.later (id bigint)');
      await admin.query('RESET ROLE');
      try {
        await clients.operator.query('SELECT FROM dds.later, cdm.later');
        await clients.dds.query('INSERT INTO dds.later SELECT id FROM dds.later');
        expect(await tried(clients.dds, 'DELETE FROM dds.later')).toBe(DENIED);
        expect(await tried(clients.cdm, 'SELECT FROM cdm.later')).toBe(DENIED);
      } finally {
        await admin.query('DROP TABLE dds.later, cdm.later');
      }
    });

    /** A line for each table with the verbs that are not refused when they are tried. */
    async function allowedTo(login: Login): Promise<string[]> {
      const { rows } = await admin.query<{ name: string; column: string }>(
        `SELECT c.oid::regclass::text AS name,
           (SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum = 1) AS column
         FROM pg_class c WHERE relnamespace::regnamespace::text IN ('stg', 'dds', 'cdm', 'pipeline') AND relkind = 'r' ORDER BY 1`,
      );
      const lines: string[] = [];
      for (const { name, column } of rows) {
        const attempts = {
          SELECT: `SELECT FROM ${name}`,
          INSERT: `INSERT INTO ${name} SELECT (NULL::${name}).* WHERE false`,
          UPDATE: `UPDATE ${name} SET ${column} = NULL WHERE false`,
          DELETE: `DELETE FROM ${name} WHERE false`,
          TRUNCATE: `TRUNCATE ${name} CASCADE`,
        };
        const verbs: string[] = [];
        for (const [verb, statement] of Object.entries(attempts)) {
          if ((await tried(clients[login], statement)) !== DENIED) {
            verbs.push(verb);
          }
        }
        if (verbs.length > 0) {
          lines.push(`${name}: ${verbs.join(' ')}`);
        }
      }
      return lines.toSorted();
    }
  });

  describe('in Kafka', () => {
    const services: ServiceName[] = ['stg', 'dds', 'cdm'];
    const topics = topicTable.map(({ topic }) => topic);
    let admin: Admin;

    beforeAll(async () => {
      await createTopics(
        stack.kafkaVariables('topics'),
        { partitions: 1, replicationFactor: -1 },
        () => undefined,
      );
      admin = stack.kafka('admin').admin();
      await admin.connect();
    });

    afterAll(() => admin?.disconnect());

    it.each([...services, 'topics', 'operator'] as const)(
      '%s may write to no topic but its own',
      async (user) => {
        const others = without(user, 'WRITE');
        const producer = stack.kafka(user).producer({ allowAutoTopicCreation: false });
        await producer.connect();
        try {
          for (const topic of others) {
            const sent = producer.send({ topic, messages: [{ value: 'intruder' }] });
            expect([topic, await refusal(sent)]).toEqual([topic, 'TOPIC_AUTHORIZATION_FAILED']);
          }
        } finally {
          await producer.disconnect();
        }
        expect(others.length).toBeGreaterThan(1);
      },
    );

    it.each([...services, 'operator'] as const)('%s may read no topic but its own', async (user) => {
      const others = without(user, 'READ');
      const reader = new RecordReader(stack.kafka(user));
      try {
        for (const topic of others) {
          const refused = await refusal(reader.read(topic, 0, 0n, 1));
          expect([topic, refused]).toEqual([topic, 'TOPIC_AUTHORIZATION_FAILED']);
        }
        for (const topic of topics.filter((one) => !others.includes(one))) {
          expect([topic, await refusal(reader.read(topic, 0, 0n, 1))]).toEqual([topic, 'nothing']);
        }
      } finally {
        await reader.close();
      }
      expect(others.length).toBeGreaterThan(2);
    });

    it.each([
      ['stg', 'order-service_orders', 'dds-service'],
      ['stg', 'order-service_orders', 'another'],
      ['dds', 'stg-service-orders', 'stg-service'],
      ['cdm', 'dds-service-orders', 'dds-service'],
      ['operator', 'stg-service-dlq', 'stg-service'],
    ] as const)('%s may not read %s as the group %s', async (user, topic, group) => {
      expect(await reading(user, topic, group)).toMatch(GROUP_REFUSED);
    });

    it.each([...services, 'operator'] as const)('%s may change no topic, group or rule', async (user) => {
      const client = stack.kafka(user).admin();
      await client.connect();
      const other = user === 'dds' ? 'stg' : 'dds';
      try {
        const attempts = {
          create: () => client.createTopics({ topics: [{ topic: 'extra' }], waitForLeaders: false }),
          delete: () => client.deleteTopics({ topics: [`${other}-service-dlq`] }),
          alter: () =>
            client.alterConfigs({
              validateOnly: false,
              resources: [
                {
                  type: 2, // a topic
                  name: `${other}-service-dlq`,
                  configEntries: [{ name: 'retention.ms', value: '1' }],
                },
              ],
            }),
          partitions: () =>
            client.createPartitions({ topicPartitions: [{ topic: 'order-service_orders', count: 9 }] }),
          acl: () => client.createAcls({ acl: kafkaAcls(other) }),
        };
        for (const [attempt, work] of Object.entries(attempts)) {
          expect([attempt, await refusal(work())]).toEqual([
            attempt,
            expect.stringMatching(/^(TOPIC|CLUSTER)_AUTHORIZATION_FAILED$/) as unknown,
          ]);
        }
        expect(await refusal(client.deleteGroups([`${other}-service`]))).toMatch(GROUP_REFUSED);
      } finally {
        await client.disconnect();
      }
      expect(await admin.listTopics()).toEqual(expect.arrayContaining(topics));
    });

    it('a service waits for a right that was taken away, says so, and goes on when it is back', async () => {
      const dds = new ServiceProcess('dds', await stack.variables('dds'), join(stack.folder, 'dds.log'));
      const group = kafkaAcls('dds').filter(({ resourceName }) => resourceName === 'dds-service');
      await dds.start();
      try {
        await admin.deleteAcls({ filters: group });
        await eventually(async () => {
          const { status, down } = await readiness(dds);
          return status === 503 &&
            down.kafka?.startsWith('Kafka cannot be used, see the rights of KAFKA_SASL_USERNAME')
            ? undefined
            : `readiness is ${status} with ${JSON.stringify(down)}`;
        }, SAID_MS);
        expect((await liveness(dds)).status).toBe(200);
        await admin.createAcls({ acl: group });
        await dds.untilReady(SAID_MS);
        expect(await dds.stop()).toBe(0);
      } finally {
        if (dds.running) {
          await dds.kill();
        }
      }
    });

    function without(user: KafkaUser, operation: 'READ' | 'WRITE'): string[] {
      const granted = kafkaRights
        .filter((right) => right.user === user && right.operations.includes(operation))
        .flatMap(({ names }) => names);
      return topics.filter((topic) => !granted.includes(topic));
    }

    /** What comes of reading a topic as a group: a type of error, or `read`. */
    async function reading(user: KafkaUser, topic: string, groupId: string): Promise<string> {
      const consumer = stack.kafka(user).consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 0 } });
      await consumer.connect();
      try {
        const ended = new Promise<string>((resolve) => {
          consumer.on('consumer.crash', ({ payload }) => resolve(typeOf(payload.error)));
          consumer.on('consumer.fetch', () => resolve('read'));
        });
        const refused = await refusal(
          consumer
            .subscribe({ topics: [topic], fromBeginning: true })
            .then(() => consumer.run({ autoCommit: false, eachMessage: async () => {} })),
        );
        return refused === 'nothing' ? await ended : refused;
      } finally {
        await consumer.disconnect();
      }
    }
  });
});

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => {}); // the server stops before the test has ended
  await client.connect();
  return client;
}

/** The SQLSTATE that the statement ends with, as if it had never run. */
async function tried(client: Client, statement: string): Promise<string | undefined> {
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('ROLLBACK');
  }
}

/** The type of the error of Kafka. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return typeOf(error);
  }
}

/** kafkajs wraps what it does not repeat, and gathers errors of several topics. */
function typeOf(error: unknown): string {
  const { type, cause, errors, groups, message } = error as {
    type?: string;
    cause?: unknown;
    errors?: unknown[];
    groups?: { error?: unknown }[];
    message?: string;
  };
  if (type) {
    return type;
  }
  const inner = cause ?? errors?.[0] ?? groups?.[0]?.error;
  return inner ? typeOf(inner) : String(message);
}
