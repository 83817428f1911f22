import { readFileSync } from 'node:fs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { inPipeline } from './guarantees/crash/in-pipeline';
import { runTool } from './harness/run-tool';

/* docs/operations.md, "On one machine": a password has any characters, and no part of it stands in a log. */

const PASSWORD = "p@ss/w#rd%41?:'";
const ENDED_MS = 60_000;

it('a password with any characters is taken from PGPASSWORD, by services and tools', async () => {
  const pipeline = await inPipeline(inject('stack'));
  const { database } = pipeline;
  const role = `any_password_${process.pid}`;
  await database.rows(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
  onTestFinished(async () => void (await database.rows(`DROP ROLE ${role}`)));
  const url = Object.assign(new URL(database.url), { username: role, password: '' }).href;
  const environment = { DATABASE_URL: url, PGPASSWORD: PASSWORD };

  expect(await runTool('migrate', [], environment)).toMatchObject({ code: 0, stderr: '' });
  expect(await runTool('reconcile', [], environment)).toMatchObject({ code: 0, stderr: '' });
  const cdm = pipeline.replica('cdm', environment);
  await cdm.start();
  expect(await cdm.stop()).toBe(0);

  const wrong = await runTool('migrate', [], { ...environment, PGPASSWORD: 'secret' });
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/password of its first start; docs/),
  });
});

it('one that is not encoded in DATABASE_URL is refused, and no part of it is shown', async () => {
  const pipeline = await inPipeline(inject('stack'), { migrated: false });
  // Read as a URL, its host is `word`.
  const DATABASE_URL = pipeline.database.url.replace(/:[^:]*@/, ':pass@word/more#rest@');
  const cdm = pipeline.replica('cdm', { DATABASE_URL });
  await cdm.launch();
  expect(await cdm.ended(ENDED_MS)).toEqual({ code: 1, signal: null });
  const { code, stdout, stderr } = await runTool('migrate', [], { DATABASE_URL });
  expect(code).toBe(1);
  for (const text of [readFileSync(cdm.log, 'utf8'), stdout + stderr]) {
    expect(text).toContain('PGPASSWORD');
    expect(text).not.toMatch(/pass@|word\/|more|rest/);
  }
});
