import { expect, it } from 'vitest';
import { OLDEST_SERVICE, SCHEMA_VERSION } from '@app/warehouse/schema-version';
import { findMigrations, migrationsOf } from './find-migrations';

const migration = () => () => {};

it('finds the migrations of the folder, the oldest first', async () => {
  const names = (await findMigrations()).map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(['CreateWarehouse1700000000000', 'GrantPrivileges1700000001000']);
  const numbers = names.map((name) => Number(name.slice(-13)));
  expect(numbers).toEqual(numbers.toSorted());
  expect(numbers.at(-1)).toBe(SCHEMA_VERSION);
  expect(numbers).toContain(OLDEST_SERVICE);
});

it('takes from each file the class of its name', () => {
  const [taste, colour] = [migration(), migration()];
  const modules = new Map<string, object>([
    ['1700000000001-add-taste', { helper: migration(), AddTaste1700000000001: taste }],
    ['1700000000002-add-more-colour', { AddMoreColour1700000000002: colour }],
  ]);
  expect(migrationsOf(modules)).toEqual([taste, colour]);
});

it.each([
  '1700-add-taste',
  '1700000000001_add_taste',
  'add-taste',
  '1700000000001-AddTaste',
  '1700000000001',
])('refuses a file of the name %s', (file) => {
  expect(() => migrationsOf(new Map([[file, { AddTaste1700000000001: migration() }]]))).toThrow(
    `migrations/${file}.ts: the name is not a number of 13 digits and words, as 1700000000000-create-warehouse.ts`,
  );
});

it.each([[{}], [{ AddTaste1700000000002: migration() }], [{ AddTaste1700000000001: 'x' }]])(
  'refuses a file without the class of its name: %o',
  (module) => {
    expect(() => migrationsOf(new Map([['1700000000001-add-taste', module]]))).toThrow(
      'migrations/1700000000001-add-taste.ts exports no class AddTaste1700000000001',
    );
  },
);

it('refuses two migrations of one number', () => {
  const modules = new Map<string, object>([
    ['1700000000001-add-colour', { AddColour1700000000001: migration() }],
    ['1700000000001-add-taste', { AddTaste1700000000001: migration() }],
  ]);
  expect(() => migrationsOf(modules)).toThrow(
    'migrations/1700000000001-add-taste.ts has the number of another migration',
  );
});
