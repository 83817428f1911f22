import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestAuditor } from './audit/use-auditor';
import { Traffic } from './guarantees/crash/traffic';
import { dictionary, userEntry } from './guarantees/orders/small-town';
import { sourceText } from './guarantees/orders/source-text';
import { Pipeline } from './harness/pipeline';
import { PostgresNode } from './harness/postgres-node';
import { runTool, type ToolRun } from './harness/run-tool';

/* Staging, vault and marts, each on a PostgreSQL server of its own: what works with one server works with three. */
let vaultServer: PostgresNode;
let martServer: PostgresNode;
let pipeline: Pipeline;

const token = 'secret-of-the-test';

beforeAll(async () => {
  [vaultServer, martServer] = await Promise.all([PostgresNode.create(), PostgresNode.create()]);
  pipeline = new Pipeline(inject('stack'), { servers: { dds: vaultServer.url(), cdm: martServer.url() } });
  await pipeline.prepare({ variables: { cdm: { API_TOKEN: token } } });
  await pipeline.start();
  const traffic = new Traffic(pipeline, { seed: 11, orders: 300, users: 60, restaurants: 5 });
  await traffic.open();
  await traffic.send();
  await pipeline.settled();
});

afterAll(async () => {
  await pipeline.remove();
  await Promise.all([vaultServer.remove(), martServer.remove()]);
});

describe('with a server for each layer', () => {
  it('every layer is on its own and nowhere else', async () => {
    const { stg, dds, cdm } = pipeline.databases;
    const rows = await Promise.all(
      [stg, dds, cdm].map(async (database) => {
        const [counts] = await database.rows<{ staged: number; loaded: number; counted: number }>(/* sql */ `
          SELECT (SELECT count(*) FROM stg.order_events)::integer AS staged,
            (SELECT count(*) FROM dds.h_order)::integer AS loaded,
            (SELECT count(*) FROM cdm.order_versions)::integer AS counted`);
        return counts!;
      }),
    );
    const loaded = rows[1]!.loaded;
    expect(loaded).toBeGreaterThan(200);
    expect(rows).toEqual([
      { staged: 300, loaded: 0, counted: 0 },
      { staged: 0, loaded, counted: 0 },
      { staged: 0, loaded: 0, counted: loaded },
    ]);
  });

  it('the auditor compares them, and names what was changed by hand', async () => {
    const auditor = new TestAuditor(pipeline);
    const { dds } = pipeline.databases;
    const change = (by: string) =>
      dds.rows<{
        h_order_pk: string;
      }>(`UPDATE dds.s_order_cost SET cost = cost ${by} WHERE (h_order_pk, order_version) = (
        SELECT h_order_pk, order_version FROM dds.s_order_cost ORDER BY 1, 2 LIMIT 1) RETURNING h_order_pk`);
    try {
      const checked = await auditor.wholeRound();
      expect(checked.orders).toBe(300);
      expect(await auditor.findings()).toEqual([]);
      const [changed] = await change('+ 1');
      await auditor.wholeRound();
      const named = {
        table: 'dds.s_order_cost',
        column: 'cost',
        key: expect.objectContaining(changed!) as unknown,
      };
      expect(await auditor.findings()).toEqual([expect.objectContaining(named)]);
      await change('- 1');
      await auditor.wholeRound();
      expect(await auditor.findings()).toEqual([]);
    } finally {
      await auditor.close();
    }
  });

  it('reconcile compares them, and says where they differ', async () => {
    const equal = await tool('reconcile', '--grace', '0');
    expect(equal).toMatchObject({ code: 0, stderr: '' });
    expect(equal.stdout).toMatch(/^staging +\d+ +300 /m);
    expect(equal.stdout).toMatch(/Nothing differs\.\n$/);

    const { dds, cdm } = pipeline.databases;
    await dds.rows(`DELETE FROM dds.s_order_status WHERE status = 'OPEN'`);
    await cdm.rows(`DELETE FROM cdm.order_versions WHERE object_id % 5 = 0`);
    await cdm.rows(`UPDATE cdm.category_popularity_slots SET category_name = 'Nothing'`);
    await cdm.rows(
      `UPDATE cdm.users SET source_user_id = 'nobody' || source_user_id WHERE closed_order_cnt > 3`,
    );
    await cdm.rows(`UPDATE cdm.product_names SET product_name = 'Nothing'`);
    const { code, stdout } = await tool('reconcile', '--grace', '0');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^dds\.s_order_status, against staging: \d+ differ\n.*: the row is missing/m);
    expect(stdout).toMatch(/^cdm\.order_versions, against the newest versions in the vault: \d+ differ/m);
    expect(stdout).toMatch(/^ {2}category_id=\S+: is .*category_name=Nothing, not /m);
    expect(stdout).toMatch(/^cdm\.users, against the users of orders in the vault: \d+ differ/m);
    expect(stdout).toMatch(/^cdm\.product_names, against the newest names in the vault: \d+ differ/m);
  });

  it('rebuild makes vault and marts again', async () => {
    const vault = await tool('rebuild', 'dds', '--grace', '0', '--execute');
    expect(vault).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/Nothing differs\.\n$/),
    });
    expect(vault.stdout).toMatch(/^dds\.s_order_status: \d+ rows inserted$/m);
    const { code, stdout, stderr } = await tool('rebuild', 'cdm', '--grace', '0', '--execute');
    expect({ code, stderr, stdout }).toMatchObject({ code: 0, stderr: '' });
    await pipeline.settled();
    expect(await tool('reconcile', '--grace', '0')).toMatchObject({ code: 0 });
  });

  it('forget blanks a user whom only staging knows, also in the vault that hears of the user later', async () => {
    const { stg, dds } = pipeline.databases;
    await pipeline.dictionary.put({ ...dictionary, canary: userEntry('canary', 'Kanareeva') });
    await pipeline.service('dds').stop();
    await pipeline.sendOrders([{ value: sourceText({ user: 'canary' }) }]);
    const known = `SELECT FROM stg.dictionary_entries WHERE entry_key = 'canary'`;
    await expect.poll(() => stg.rows(known)).toHaveLength(1);

    const owners = { STG_DATABASE_URL: stg.url, DDS_DATABASE_URL: dds.url };
    const forgotten = await runTool('forget', ['canary', '--execute'], owners);
    expect(forgotten).toMatchObject({ code: 0, stderr: '' });
    expect(forgotten.stdout).toMatch(/^Rows of stg\.dictionary_entries that were blanked: 1$/m);

    await pipeline.service('dds').start();
    await pipeline.settled();
    expect(
      await stg.rows(
        `SELECT entry ->> 'name' AS name FROM stg.dictionary_entries WHERE entry_key = 'canary'`,
      ),
    ).toEqual([{ name: '[forgotten]' }]);
    expect(
      await dds.rows(`SELECT username, userlogin FROM dds.user_current WHERE user_id = 'canary'`),
    ).toEqual([{ username: '[forgotten]', userlogin: null }]);
    expect(await tool('reconcile', '--grace', '0')).toMatchObject({ code: 0 });
  });

  it('the life of an order is read from all three, by the tool and by the API', async () => {
    const [order] = await pipeline.database.rows<{ object_id: string }>(
      'SELECT object_id FROM cdm.order_versions ORDER BY object_id LIMIT 1',
    );
    const { stdout } = await tool('trace', order!.object_id, '--no-dead-letters', '--json');
    const traced = JSON.parse(stdout) as { staged: object[]; vault: object | null; counted: object | null };
    expect(traced.staged).not.toEqual([]);
    expect([traced.vault, traced.counted]).not.toContain(null);
    const { url } = pipeline.service('cdm');
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/api/orders/${order!.object_id}`, { headers });
    expect(await response.json()).toEqual({ ...traced, dead_letters: { letters: [], left: 0 } });
  });

  it('what operators do from the page is kept on the server of staging', async () => {
    await pipeline.sendOrders([{ value: 'nonsense' }]);
    await pipeline.settled();
    const { url } = pipeline.service('cdm');
    const ask = async (path: string, method = 'GET') => {
      const response = await fetch(`${url}/api/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
      return (await response.json()) as object;
    };
    expect(await ask('dead-letters?reason=invalid_json')).toMatchObject({ letters: [{ state: 'open' }] });
    expect(await ask('dead-letters/discard?reason=invalid_json&execute=true', 'POST')).toMatchObject({
      discarded: 1,
    });
    const marks = 'SELECT reason, discarded_by FROM operations.discarded_dead_letters';
    expect(await pipeline.databases.stg.rows(marks)).toEqual([
      { reason: 'invalid_json', discarded_by: 'api' },
    ]);
    expect(await pipeline.databases.cdm.rows(marks)).toEqual([]);
    expect(await ask('parked-orders?object_id=999999999999')).toEqual({
      orders: [],
      matching: 0,
      missing: [],
    });
  });

  it('the page of the pipeline shows all services, and what was known of one whose server is away', async () => {
    const before = await pipelineState();
    expect(before.map(({ service }) => service)).toEqual(['stg', 'dds', 'cdm']);
    for (const { seen_at, newest_version } of before) {
      expect(seen_at).not.toBeNull();
      expect(newest_version).not.toBeNull();
    }
    await vaultServer.stop();
    try {
      const [staging, vault, marts] = await pipelineState();
      expect([staging!.seen_at, vault!.seen_at, marts!.seen_at]).not.toContain(null);
      expect(vault!.newest_version).toEqual(before[1]!.newest_version);
    } finally {
      await vaultServer.start();
    }
    await expect
      .poll(() => fetch(`${pipeline.service('dds').url}/health/ready`).then(({ ok }) => ok))
      .toBe(true);
  });

  it('the other tools find the server that they need', async () => {
    const parked = await tool('parked', 'list');
    expect(parked).toMatchObject({ code: 0, stderr: '' });
    expect(parked.stdout).toMatch(/^missing +orders\n/m);
    const { stg, dds, cdm } = pipeline.databases;
    const urls = { DATABASE_URL: stg.url, DDS_DATABASE_URL: dds.url, CDM_DATABASE_URL: cdm.url };
    const { code, stdout } = await runTool('migrate', [], urls);
    expect(code).toBe(0);
    const done = 'Nothing to do: all migrations are applied already.';
    expect(stdout).toBe(`${done}\nDDS_DATABASE_URL: ${done}\nCDM_DATABASE_URL: ${done}\n`);
  });
});

interface State {
  service: string;
  seen_at: string | null;
  newest_version: object | null;
}

async function pipelineState(): Promise<State[]> {
  const response = await fetch(`${pipeline.service('cdm').url}/api/pipeline`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { services: State[] }).services;
}

function tool(name: string, ...args: string[]): Promise<ToolRun> {
  return runTool(name, args, pipeline.toolEnvironment());
}
