import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OLDEST_SERVICE, SCHEMA_VERSION } from '@app/warehouse/schema-version';

const numbers = readdirSync(new URL('../../migrations/', import.meta.url)).map((file) =>
  Number.parseInt(file, 10),
);

it('is the number of the newest migration, so that a service waits for what it needs', () => {
  expect(SCHEMA_VERSION).toBe(Math.max(...numbers));
});

it('is a migration that exists from which services work with the schema', () => {
  expect(numbers).toContain(OLDEST_SERVICE);
});
