import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Traffic } from '../guarantees/crash/traffic';
import { line, sourceText } from '../guarantees/orders/source-text';
import { runTool } from '../harness/run-tool';
import { usePipeline } from '../harness/use-pipeline';
import { faults } from './faults';
import { useAuditor } from './use-auditor';
import { keepTables, withFault } from './with-fault';

/* What the auditor of cdm promises: it names what is wrong, and nothing else. */
const pipeline = usePipeline();
const audit = useAuditor(pipeline);

beforeAll(async () => {
  const traffic = new Traffic(pipeline, { seed: 7, orders: 300, users: 60, restaurants: 5 });
  await traffic.open();
  await traffic.send();
  // Of two dishes with one id the first counts that can be used: a number is no id, and no category.
  const menu = [
    { _id: 5, name: 'a', category: 'a' },
    { _id: '5', name: 'b', category: 5 },
    { _id: '5', name: true, category: 'c' },
    { _id: '5', name: 'd', category: 'd' },
  ];
  await pipeline.dictionary.put({
    odd: JSON.stringify({ _id: 'odd', name: 'Odd', menu }),
    ada: JSON.stringify({ _id: 'ada', name: 'Ada' }),
  });
  await pipeline.sendOrders([
    { value: sourceText({ id: 9_000_000, user: 'ada', restaurant: 'odd', items: [line('5')] }) },
  ]);
  await pipeline.settled();
  await pipeline.stopServices();
  await keepTables(pipeline.database);
});

describe('the auditor', () => {
  it('finds nothing where nothing is wrong, also while orders wait for the dictionary', async () => {
    const checked = await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
    expect(checked.orders).toBe(301);
    expect(checked.users).toBeGreaterThan(300);
    expect(await pipeline.database.rows('SELECT FROM stg.pending_orders LIMIT 1')).toHaveLength(1);
  });

  it('has at least fifty faults to find', () => {
    expect(faults.length).toBeGreaterThanOrEqual(50);
  });

  it.each(faults)('names $table $column after $plant', async (fault) => {
    const { table, column } = fault;
    await withFault(pipeline.database, fault, async (key) => {
      await audit.auditor.wholeRound();
      const found = await audit.auditor.findings();
      const named = { table, column, key: expect.objectContaining(key) as unknown };
      expect(found).toContainEqual(expect.objectContaining(named));
    });
  });

  it('lists and logs a thousand rows of a round at most, and says how many more there are', async () => {
    const said = vi.spyOn(Logger.prototype, 'error');
    const table = 'cdm.user_category_counters';
    const plant = `
      WITH many AS (
        INSERT INTO ${table} (user_id, category_id, category_name, order_cnt)
        SELECT user_id, gen_random_uuid(), 'none', 1
        FROM (SELECT user_id FROM cdm.users LIMIT 1) AS one, generate_series(1, 1100)
        RETURNING user_id
      ) SELECT user_id::text FROM many LIMIT 1`;
    try {
      await withFault(pipeline.database, { table, column: '*', plant }, async () => {
        await audit.auditor.wholeRound();
        const rounds = await pipeline.database.rows(
          'SELECT what, count(*)::integer AS findings FROM cdm.audit_findings WHERE closed_at IS NULL GROUP BY what',
        );
        expect(rounds).toContainEqual({ what: 'users', findings: 1_000 });
      });
      const lines = said.mock.calls.map(([entry]) => entry as { msg: string; what: string });
      expect(lines.filter(({ msg, what }) => msg === 'a row is wrong' && what === 'users')).toHaveLength(
        1_000,
      );
      expect(lines).toContainEqual({ msg: 'more is wrong than is listed', what: 'users', findings: 100 });
    } finally {
      said.mockRestore();
    }
  });

  it('finds nothing any more where all is mended, and has closed what it found', async () => {
    await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
    const [{ closed } = { closed: 0 }] = await pipeline.database.rows<{ closed: number }>(
      'SELECT count(*)::integer AS closed FROM cdm.audit_findings WHERE closed_at IS NOT NULL',
    );
    expect(closed).toBeGreaterThanOrEqual(faults.length);
  });

  it('takes a version that dds has refused for a dead letter, and no more than were refused', async () => {
    const { database } = pipeline;
    const lost = faults.find(({ plant }) => plant.startsWith('DELETE FROM dds.h_order '))!;
    const missing = async () =>
      (await audit.auditor.findings()).filter(({ table }) => table === 'dds.s_order_details');
    const [{ versions } = { versions: 0 }] = await database.rows<{ versions: number }>(
      `SELECT count(*)::integer AS versions FROM dds.s_order_details
       WHERE h_order_pk = (SELECT h_order_pk FROM dds.h_order ORDER BY 1 LIMIT 1)`,
    );
    await database.rows(`INSERT INTO pipeline.dead_letters VALUES ('dds', 'database_refused', $1)`, [
      versions,
    ]);
    await withFault(database, lost, async () => {
      await audit.auditor.wholeRound();
      expect(await missing()).toEqual([]);
    });
    const other = { ...lost, plant: lost.plant.replace('ORDER BY h_order_pk', 'ORDER BY h_order_pk DESC') };
    await withFault(database, other, async ({ h_order_pk }) => {
      await audit.auditor.wholeRound();
      const named = { key: expect.objectContaining({ h_order_pk }) as unknown };
      expect(await missing()).toContainEqual(expect.objectContaining(named));
    });
    await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
  });

  it('finds nothing wrong with a user who was forgotten', async () => {
    const { database } = pipeline;
    const [user] = await database.rows<{ user_id: string }>(
      'SELECT user_id FROM dds.h_user JOIN dds.l_order_user USING (h_user_pk) ORDER BY 1 LIMIT 1',
    );
    const forgotten = await runTool('forget', [user!.user_id, '--execute'], { DATABASE_URL: database.url });
    expect(forgotten).toMatchObject({ code: 0, stderr: '' });
    const names = `SELECT FROM dds.s_user_names WHERE username = '[forgotten]'`;
    expect(await database.rows(names)).not.toEqual([]);
    await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
  });
});
