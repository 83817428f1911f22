import { beforeAll, describe, expect, it } from 'vitest';
import { Traffic } from '../guarantees/crash/traffic';
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
  await pipeline.settled();
  await pipeline.stopServices();
  await keepTables(pipeline.database);
});

describe('the auditor', () => {
  it('finds nothing where nothing is wrong, also while orders wait for the dictionary', async () => {
    const checked = await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
    expect(checked.orders).toBe(300);
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

  it('finds nothing any more where all is mended, and has closed what it found', async () => {
    await audit.auditor.wholeRound();
    expect(await audit.auditor.findings()).toEqual([]);
    const [{ closed } = { closed: 0 }] = await pipeline.database.rows<{ closed: number }>(
      'SELECT count(*)::integer AS closed FROM cdm.audit_findings WHERE closed_at IS NOT NULL',
    );
    expect(closed).toBeGreaterThanOrEqual(faults.length);
  });
});
