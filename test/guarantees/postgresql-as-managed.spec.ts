import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Pipeline } from '../harness/pipeline';
import { PostgresNode } from '../harness/postgres-node';
import { findDifferences } from './crash/find-differences';
import { drawSeed } from '../history/seed';
import { logged } from './crash/service-health';
import { Traffic } from './crash/traffic';
import { untilSeen } from './crash/until-seen';
import { untilSettled } from './crash/until-settled';

/*
 * PostgreSQL as others run it: it answers, and refuses. Whatever it says, messages wait for it under its name and in
 * its words, none becomes a dead letter, and work goes on by itself when the state is over. With a real server in each
 * state.
 */
const SETTLE_MS = 180_000;
const PIECE = 20;
const role = 'order_vault_stg';
const reload = 'SELECT pg_reload_conf()';
const endSessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'order-vault %'`;

describe('PostgreSQL that answers and refuses', () => {
  let node: PostgresNode;
  let pipeline: Pipeline;
  let traffic: Traffic;

  beforeAll(async () => {
    node = await PostgresNode.create();
    pipeline = new Pipeline({ ...inject('stack'), DATABASE_URL: node.url() });
    await pipeline.prepare();
    traffic = new Traffic(pipeline, { seed: drawSeed(), orders: 160, isClean: true, hasRules: false });
    await traffic.open();
    await pipeline.start();
  });

  afterAll(async () => {
    try {
      await pipeline.remove();
    } finally {
      await node.remove();
    }
  });

  async function administer(...statements: string[]): Promise<void> {
    const [, database] = new URL(pipeline.database.url).pathname.split('/');
    for (const statement of statements) {
      await node.query(statement, database);
    }
  }

  /** The file of a table of which nothing is stored yet. */
  async function fileOf(table: string): Promise<string> {
    const [row] = await pipeline.database.rows<{ path: string }>('SELECT pg_relation_filepath($1) AS path', [
      table,
    ]);
    return row!.path;
  }

  /** Orders wait for the server, that is seen at stg, and when the state is over they go on. */
  async function expectToWaitAndGoOn(words: RegExp, end: () => Promise<void>): Promise<void> {
    const stg = pipeline.service('stg');
    await traffic.send(PIECE);
    try {
      await untilSeen(stg, {
        server: 'postgresql',
        words: new RegExp(`PostgreSQL cannot be used, see DATABASE_URL: ${words.source}`),
      });
    } finally {
      await end();
    }
    await stg.untilReady();
    await untilSettled(pipeline, SETTLE_MS);
    expect(await pipeline.deadLetters('stg')).toEqual([]);
  }

  it('since its disk is full (53100)', async () => {
    const path = await fileOf('stg.order_events');
    await node.stop();
    node.fillDiskUnder(path);
    await node.start();
    await expectToWaitAndGoOn(/could not extend file "base.*: No space left on device/, async () => {
      await node.stop();
      node.freeDiskUnder(path);
      await node.start();
    });
  }, 400_000);

  it.each([
    [
      'it takes no writes (25006)',
      ['ALTER SYSTEM SET default_transaction_read_only = on', reload],
      /PostgreSQL at DATABASE_URL takes no writes: .*default_transaction_read_only/,
      ['ALTER SYSTEM RESET default_transaction_read_only', reload],
    ],
    [
      'it has no connection left (53300)',
      [`ALTER ROLE ${role} CONNECTION LIMIT 0`, endSessions],
      /too many connections for role "order_vault_stg"/,
      [`ALTER ROLE ${role} CONNECTION LIMIT -1`],
    ],
    [
      'a right was taken away (42501)',
      ['REVOKE INSERT ON stg.order_events FROM stg_service'],
      /permission denied for table order_events/,
      ['GRANT INSERT ON stg.order_events TO stg_service'],
    ],
    [
      'a table is missing (42P01)',
      ['ALTER TABLE stg.order_events RENAME TO elsewhere'],
      /relation "stg.order_events" does not exist/,
      ['ALTER TABLE stg.elsewhere RENAME TO order_events'],
    ],
    [
      'a setting forbids exact work',
      [`ALTER ROLE ${role} SET session_replication_role = replica`, endSessions],
      /session_replication_role of DATABASE_URL is replica/,
      [`ALTER ROLE ${role} RESET session_replication_role`, endSessions],
    ],
  ])(
    'since %s',
    async (_, begin, words, end) => {
      await administer(...begin);
      await expectToWaitAndGoOn(words, () => administer(...end));
    },
    400_000,
  );

  it('since it starts, or recovers (57P03)', async () => {
    await node.stop();
    await node.recover();
    await expectToWaitAndGoOn(/the database system is (starting up|not (yet )?accepting connections)/, () =>
      node.endRecovery(),
    );
  }, 400_000);

  it('and ends sessions again and again (57P01): work goes on with new ones', async () => {
    await traffic.send();
    for (let round = 0; round < 20; round += 1) {
      await administer(endSessions);
      await pause(200);
    }
    await Promise.all((['stg', 'dds', 'cdm'] as const).map((name) => pipeline.service(name).untilReady()));
    await untilSettled(pipeline, SETTLE_MS);
    expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
    expect(logged(pipeline.service('stg'), 'warn').join('\n')).toContain(
      'terminating connection due to administrator command',
    );
  }, 400_000);
});
