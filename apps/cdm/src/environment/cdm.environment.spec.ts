import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from '@app/service/environment';
import { CdmEnvironment } from './cdm.environment';

const path = join(tmpdir(), `cdm-environment-${process.pid}`);
const servers = { KAFKA_BROKERS: 'localhost:9092', DATABASE_URL: 'postgres://u:p@localhost:5432/w' };
const read = (API_USERS: string) => readEnvironment(CdmEnvironment, { ...servers, API_USERS });

it('takes a file of users', () => {
  writeFileSync(path, `Olga:editor:sha256:${'0'.repeat(64)}\n`);
  expect(read(path)).toMatchObject({ API_USERS: path });
});

it('refuses a file that is not there or has a wrong line, and says which', () => {
  writeFileSync(path, '# users\nOlga:boss:sha256:secret\n');
  const must = 'API_USERS must name a file of users of the API, as order-vault api-user makes them';
  expect(() => read(path)).toThrow(
    `${must} (line 2: the role must be viewer, analyst, editor, operator, got "boss"), got "${path}"`,
  );
  expect(() => read('/nowhere')).toThrow(`${must} (ENOENT: no such file or directory, open '/nowhere')`);
});
