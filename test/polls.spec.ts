import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { purposes } from '../dev/data-model/index-purposes';
import { usePipeline } from './harness/use-pipeline';

/*
 * Jobs ask once a second whether there is something to do. All those of a process ask together, so that an idle replica
 * costs PostgreSQL little, and none waits for another's answer.
 */
const pipeline = usePipeline();
let warehouse: Warehouse;

beforeAll(() => {
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

  it('are what an idle pipeline asks: with the states that its services write, five transactions a second', async () => {
    await pipeline.settled();
    const seconds = 10;
    const before = await transactions();
    await pause(seconds * 1_000);
    // Where each job asked by itself they were 11.
    expect(((await transactions()) - before) / seconds).toBeLessThan(6);
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

/** So many the services have ended. */
async function transactions(): Promise<number> {
  const { rows } = await pipeline.database.pool.query<{ ended: number }>(
    'SELECT xact_commit::integer AS ended FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]!.ended;
}
