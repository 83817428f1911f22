import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonPackages } from '../dev/sandbox/python-packages';
import { runToEnd } from '../dev/stack/run-to-end';
import { usePipeline } from './harness/use-pipeline';
import { Random } from './history/random';
import { randomHistory } from './history/random-history';

const project = fileURLToPath(new URL('../dbt', import.meta.url));
const packages = await pythonPackages('dbt', join(project, 'requirements.txt')).catch((error: Error) => {
  console.warn(`dbt cannot be installed here, so its tests are left out: ${error.message}`);
});

describe.skipIf(!packages)('the project of dbt over orders of a random history', () => {
  const pipeline = usePipeline();
  const role = `dbt_${process.pid}`;
  const output = mkdtempSync(join(tmpdir(), 'order-vault-dbt-'));

  beforeAll(async () => {
    const random = new Random(1);
    for (const { dictionary, messages } of randomHistory(1).slice(0, 2)) {
      await pipeline.dictionary.put(dictionary);
      await pipeline.sendOrders(messages, { random });
      await pipeline.settled();
    }
    // As dbt/README.md has it.
    await pipeline.database.pool.query(/* sql */ `
      CREATE ROLE ${role} LOGIN PASSWORD 'secret';
      GRANT USAGE ON SCHEMA stg, dds, cdm, report TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA stg, dds, cdm, report TO ${role};
      REVOKE SELECT ON cdm.webhooks, cdm.webhook_deliveries FROM ${role};
      CREATE SCHEMA analytics AUTHORIZATION ${role}`);
  });
  afterAll(async () => {
    await pipeline.database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    rmSync(output, { recursive: true });
  });

  function dbt(...words: string[]): Promise<string> {
    const { hostname, port, pathname } = new URL(pipeline.database.url);
    const run = 'from dbt.cli.main import cli; cli()';
    return runToEnd('python3', ['-c', run, '--no-use-colors', ...words], {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        HOME: output,
        PYTHONPATH: packages!,
        PYTHONDONTWRITEBYTECODE: '1',
        DBT_PROFILES_DIR: project,
        DBT_TARGET_PATH: join(output, 'target'),
        DBT_LOG_PATH: join(output, 'logs'),
        DBT_HOST: hostname,
        DBT_PORT: port,
        DBT_DATABASE: pathname.slice(1),
        DBT_USER: role,
        DBT_ENV_SECRET_PASSWORD: 'secret',
      },
    });
  }

  it('builds its models, and all tests of keys hold', async () => {
    const said = await dbt('build');
    expect(said).toMatch(/Done\. PASS=\d{3} WARN=0 ERROR=0 SKIP=0/);
    expect(said).not.toContain('Deprecat');
    const counted = await pipeline.database.rows(/* sql */ `
      SELECT (SELECT count(*) FROM analytics.order_pit) = (SELECT count(*) FROM dds.s_order_details) AS pit,
        (SELECT sum(orders) FROM analytics.guest_cohorts)
          = (SELECT count(*) FROM cdm.order_versions WHERE status = 'CLOSED') AS cohorts`);
    expect(counted).toEqual([{ pit: true, cohorts: true }]);
  });

  it('finds a key that two rows share', async () => {
    await pipeline.database.pool.query(/* sql */ `
      ALTER TABLE dds.h_user DROP CONSTRAINT h_user_user_id_key;
      INSERT INTO dds.h_user (h_user_pk, user_id, load_src) SELECT gen_random_uuid(), user_id, 'test' FROM dds.h_user LIMIT 1`);
    await expect(dbt('test', '--select', 'source:dds.h_user')).rejects.toThrow(/ERROR=1/);
  });

  it('finds that orders still arrive', async () => {
    expect(await dbt('source', 'freshness')).toMatch(/PASS freshness of stg\.order_events/);
  });
});
