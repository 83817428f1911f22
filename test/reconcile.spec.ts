import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../ops/reconcile/reconcile';
import { dumpTables } from './harness/dump-tables';
import { runTool, type ToolRun } from './harness/run-tool';
import { usePipeline } from './harness/use-pipeline';
import { dictionary } from './guarantees/orders/small-town';
import { sourceText } from './guarantees/orders/source-text';
import { Traffic } from './guarantees/crash/traffic';

/* What `npm run reconcile` promises but for naming of damage, which is in rebuild.spec.ts. */
const pipeline = usePipeline();

function reconcile(...args: string[]): Promise<ToolRun> {
  return runTool('reconcile', args, { DATABASE_URL: pipeline.database.loginUrls.operator });
}

beforeAll(async () => {
  const traffic = new Traffic(pipeline, { seed: 7, orders: 200, users: 40, restaurants: 5 });
  await traffic.open();
  await traffic.send();
  await pipeline.settled();
});

describe('reconcile', () => {
  it('finds nothing where nothing is wrong, also while orders wait for the dictionary, and changes nothing', async () => {
    const before = await dumpTables(pipeline.database);
    const { code, stdout, stderr } = await reconcile('--grace', '0');
    expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^staging +\d+ +200 /m);
    expect(stdout).toMatch(/Nothing differs\.\n$/);
    expect(before['stg.pending_orders']).not.toEqual([]);
    expect(await dumpTables(pipeline.database)).toEqual(before);
  });

  it.each(['dds', 'cdm'] as const)('distinguishes what is only on its way to %s', async (service) => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.service(service).stop();
    const id = service === 'dds' ? 1 : 2;
    await pipeline.sendOrders([{ value: sourceText({ id }) }]);
    const arrived =
      service === 'dds' ? 'stg.order_events WHERE object_id = 1' : 'dds.h_order WHERE order_id = 2';
    await expect.poll(() => pipeline.database.rows(`SELECT FROM ${arrived}`)).toHaveLength(1);

    const young = await reconcile();
    expect(young.stdout).toMatch(/: 0 differ, \d+ are on their way/);
    expect(young.code).toBe(0);
    const old = await reconcile('--grace', '0');
    expect(old.stdout).toMatch(new RegExp(`^${service}\\.\\w+, against .*: [1-9]\\d* differ`, 'm'));
    expect(old.code).toBe(1);

    await pipeline.service(service).start();
    await pipeline.settled();
    expect((await reconcile('--grace', '0')).code).toBe(0);
  });

  it('names the first rows and how many there are, also as JSON', async () => {
    const { database } = pipeline;
    const [{ rows } = { rows: 0 }] = await database.rows<{ rows: number }>(
      'SELECT count(*)::integer AS rows FROM cdm.daily_sales',
    );
    expect(rows).toBeGreaterThan(2);
    // In the first slot of each row.
    const change = (by: string) =>
      database.rows(`UPDATE cdm.daily_sales_slots AS one SET payment = payment ${by} WHERE slot = (
        SELECT min(slot) FROM cdm.daily_sales_slots AS other WHERE (other.day, other.restaurant_id) = (one.day, one.restaurant_id))`);
    await change('+ 0.00001');
    const said = await reconcile('--shown', '2', '--grace', '0');
    const json = await reconcile('--shown', '2', '--json');
    await change('- 0.00001');

    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(
      new RegExp(
        `^cdm\\.daily_sales, against the ledger: ${rows} differ\n(  day=.* is payment=.*, not payment=.*\n){2}  and ${rows - 2} more$`,
        'm',
      ),
    );
    expect(json.code).toBe(1);
    const { differences } = JSON.parse(json.stdout) as Report;
    expect(differences).toMatchObject([{ table: 'cdm.daily_sales', rows, onTheirWay: 0 }]);
    const [first, second] = differences[0]!.first;
    expect(Object.keys(first!.key)).toEqual(['day', 'restaurant_id']);
    expect(Number(first!.found!.payment) - Number(first!.expected!.payment)).toBeCloseTo(0.00001, 5);
    expect(second).toBeDefined();
  });

  it('says what it cannot do, by option and value', async () => {
    expect(await reconcile('--grace', 'soon')).toMatchObject({
      code: 2,
      stderr: `error: option '--grace <seconds>' argument 'soon' is invalid. It is a whole number from 0 to 999999.\n`,
    });
    expect((await reconcile('--help')).stdout).toMatch(/^Usage: order-vault reconcile/);
    const none = await runTool('reconcile', [], {});
    expect(none.stderr).toMatch(/^DATABASE_URL is missing/);
    const away = await runTool('reconcile', [], {
      DATABASE_URL: 'postgres://someone:hidden@127.0.0.1:1/there',
    });
    expect(away.stderr).toMatch(
      /^Cannot reconcile postgres:\/\/someone@127\.0\.0\.1:1\/there: .*ECONNREFUSED/,
    );
    expect(away.stderr).not.toContain('hidden');
    const one = await runTool('reconcile', [], {
      DATABASE_URL: pipeline.database.url,
      STG_DATABASE_URL: 'postgres://someone@127.0.0.1:1/staging',
    });
    expect(one.stderr).toBe(
      'Cannot reconcile postgres://someone@127.0.0.1:1/staging: the server of STG_DATABASE_URL refuses: connect ECONNREFUSED 127.0.0.1:1\n',
    );
    expect([none.code, away.code]).toEqual([2, 2]);
  });
});
