import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { purposes } from '../dev/data-model/index-purposes';
import { ofServices } from './harness/statements-of-services';
import { usePipeline } from './harness/use-pipeline';

/*
 * Jobs ask once a second whether there is something to do. All those of a process ask together, so that an idle replica
 * costs PostgreSQL little, and none waits for another's answer.
 */
const pipeline = usePipeline();
let warehouse: Warehouse;

beforeAll(async () => {
  await pipeline.database.pool.query('CREATE EXTENSION pg_stat_statements');
  warehouse = new Warehouse(pipeline.database.loginUrls.cdm, 'test', 3);
});
afterAll(() => warehouse.onApplicationShutdown());

/** Begin of the transaction in which a table is read. */
const reading = (table: string) => async (client: Client) => {
  const { rows } = await client.query<{ begun: string }>(
    `SELECT now()::text AS begun FROM (SELECT 1) one LEFT JOIN ${table} ON false`,
  );
  return rows[0]!.begun;
};
const users = reading('cdm.users');
const webhooks = reading('cdm.webhooks');

describe('polls', () => {
  it('share a transaction with those of the same moment', async () => {
    const [one, other] = await Promise.all([warehouse.poll(users), warehouse.poll(webhooks)]);
    expect(one).toBe(other);
    expect(await warehouse.poll(users)).not.toBe(one);
  });

  it('have each their own error, and those beside it their answers', async () => {
    const [found, wrong, other] = await Promise.allSettled([
      warehouse.poll(users),
      warehouse.poll(reading('cdm.nothing')),
      warehouse.poll(webhooks),
    ]);
    expect([found.status, other.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(wrong).toMatchObject({ reason: { message: 'relation "cdm.nothing" does not exist' } });
  });

  it('do not wait for a lock that another of them waits for', async () => {
    const holder = await pipeline.database.pool.connect();
    const answers: string[] = [];
    try {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE cdm.webhooks');
      const waiting = warehouse.poll(webhooks).then(() => answers.push('webhooks'));
      await warehouse.poll(users).then(() => answers.push('users'));
      await holder.query('ROLLBACK');
      await waiting;
    } finally {
      holder.release();
    }
    expect(answers).toEqual(['users', 'webhooks']);
  });

  it('are what an idle pipeline asks: with the states that its services write, four transactions a second', async () => {
    await pipeline.settled();
    const seconds = 10;
    let before: Ended;
    let after: Ended;
    do {
      before = await ended();
      await pause(seconds * 1_000);
      after = await ended();
    } while (before.since !== after.since);
    const each = (after.transactions - before.transactions) / seconds;
    expect(each).toBeGreaterThan(1);
    // Where each job asked by itself they were 10.
    expect(each).toBeLessThan(4.5);
  });

  it('are answered by indexes, also while tables are small: the plan is kept, and they grow', async () => {
    const asked = Object.keys(purposes).filter((name) =>
      purposes[name]!.startsWith('a job asks each second'),
    );
    expect(asked.length).toBeGreaterThan(5);
    const before = await uses(asked);
    await pause(5_000);
    const after = await uses(asked);
    expect(asked.filter((name) => after.get(name)! - before.get(name)! < 3)).toEqual([]);
  });
});

async function uses(indexes: string[]): Promise<Map<string, number>> {
  const { rows } = await pipeline.database.pool.query<{ name: string; uses: number }>(
    'SELECT indexrelname AS name, idx_scan::integer AS uses FROM pg_stat_user_indexes WHERE indexrelname = ANY ($1)',
    [indexes],
  );
  return new Map(rows.map(({ name, uses: count }) => [name, count]));
}

interface Ended {
  transactions: number;
  /** When PostgreSQL began to count; another test may let it begin again. */
  since: string;
}

/** Transactions of the services, and of nobody beside them. */
async function ended(): Promise<Ended> {
  const { rows } = await pipeline.database.pool.query<Ended>(/* sql */ `
    SELECT coalesce(sum(calls), 0)::integer AS transactions, (SELECT stats_reset::text FROM pg_stat_statements_info) AS since
    FROM pg_stat_statements
    WHERE query = 'COMMIT' AND ${ofServices}`);
  return rows[0]!;
}
