import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newApiUser } from '../environment/api-users';
import type { CdmEnvironment } from '../environment/cdm.environment';
import { Callers } from './callers';

const folder = mkdtempSync(join(tmpdir(), 'callers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const callersOf = (environment: Partial<CdmEnvironment>) => new Callers(environment as CdmEnvironment);

it('knows the token, and no other of whatever length', () => {
  const callers = callersOf({ API_TOKEN: 'secret' });
  expect(callers.of('secret')).toEqual({ role: 'operator' });
  for (const other of ['secreT', 'secret ', 'secre', 'secrets', '']) {
    expect(callers.of(other)).toBeUndefined();
  }
});

it('knows a token beyond ASCII as clients send it, byte for byte', () => {
  const callers = callersOf({ API_TOKEN: 'секрет' });
  expect(callers.of(Buffer.from('секрет', 'utf8').toString('latin1'))).toEqual({ role: 'operator' });
});

it('knows nobody without tokens', () => {
  expect(callersOf({}).areAny).toBe(false);
  expect(callersOf({}).of('')).toBeUndefined();
});

describe('the file of users', () => {
  const path = join(folder, 'users');
  const [olga, ivan] = ['Olga', 'Ivan'].map((name) => newApiUser({ name, role: 'analyst' }));
  let callers: Callers;

  beforeAll(() => {
    writeFileSync(path, olga!.line);
    callers = callersOf({ API_USERS: path });
  });

  it('has the users who are let in', () => {
    expect(callers.of(olga!.token)).toEqual({ name: 'Olga', role: 'analyst' });
  });

  it('knows a user also where the token for tools is the same', () => {
    const both = callersOf({ API_USERS: path, API_TOKEN: olga!.token });
    expect(both.of(olga!.token)).toEqual({ name: 'Olga', role: 'analyst' });
  });

  it('is read again when a line is added', async () => {
    appendFileSync(path, `\n${ivan!.line}\n`);
    await expect.poll(() => callers.of(ivan!.token), { timeout: 20_000 }).toMatchObject({ name: 'Ivan' });
  });

  it('is read again when another takes its name, as a Secret of Kubernetes is replaced', async () => {
    writeFileSync(`${path}.new`, ivan!.line);
    renameSync(`${path}.new`, path);
    await expect.poll(() => callers.of(olga!.token), { timeout: 20_000 }).toBeUndefined();
  });

  it('that cannot be used changes nothing, and the log says why, once', async () => {
    const log = vi.spyOn(Logger.prototype, 'error').mockReturnValue();
    writeFileSync(path, 'nonsense');
    const asked = () => callers.of(ivan!.token) && log.mock.calls.length;
    await expect.poll(asked, { timeout: 20_000 }).toBe(1);
    rmSync(path);
    await expect.poll(asked, { timeout: 20_000 }).toBe(2);
    expect(log.mock.calls.flat()).toEqual([
      'API_USERS stays as it was read before: line 1: must be NAME:ROLE:sha256:DIGEST',
      `API_USERS stays as it was read before: ENOENT: no such file or directory, open '${path}'`,
    ]);
    log.mockRestore();
  });
});
