import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { english } from './editions';
import { entityMetadata } from './entity-metadata';
import { fillPage } from './fill-page';
import { formatPage } from './format-page';
import { pages } from './pages';
import { purposeOf } from './index-purposes';

const entities = await entityMetadata();
const pageOf = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

it.each([...pages])(
  'docs/%s says what the entities say (npx tsx dev/data-model.ts writes it)',
  async (name, edition) => {
    expect(await formatPage(fillPage(pageOf(name), entities, edition))).toBe(pageOf(name));
  },
);

it('docs/data-model.md has every table, view and column', () => {
  const page = pageOf('data-model.md');
  for (const entity of entities) {
    expect(page).toContain(`\n### ${entity.schema}.${entity.tableName}\n`);
    for (const column of entity.columns) {
      expect(page).toContain(`\n| \`${column.databaseName}\``);
    }
  }
});

it('docs/ru/data-model.md has every table and view of dds and cdm but the slots of marts', () => {
  const tables = entities
    .filter(({ schema }) => schema === 'dds' || schema === 'cdm')
    .map(({ schema, tableName }) => `${schema}.${tableName}`);
  const headings = pageOf('ru/data-model.md').matchAll(/^### ((?:dds|cdm)\.\w+)$/gm);
  expect(Array.from(headings, ([, table]) => table!).toSorted()).toEqual(
    tables.filter((table) => !table.endsWith('_slots')).toSorted(),
  );
});

it('a part that is out of date is written again, and what stands around it stays', () => {
  const part = 'before\n<!-- tables of stg -->\nout of date\n<!-- end -->\nafter';
  const filled = fillPage(part, entities, english);
  expect(filled).toMatch(/^before\n<!-- tables of stg -->\n\n### stg\.dictionary_entries\n/);
  expect(filled).toMatch(/\n<!-- end -->\nafter$/);
  expect(filled).not.toContain('out of date');
});

it('a part of an unknown schema is refused', () => {
  expect(() => fillPage('<!-- tables of staging -->\n<!-- end -->', entities, english)).toThrow(
    '<!-- tables of staging -->: no entity has the schema "staging"',
  );
});

it('an index whose query or promise nobody has said is refused', () => {
  expect(() => purposeOf('h_user_load_dt')).toThrow(
    'index-purposes.ts does not say which query or promise h_user_load_dt is for',
  );
});
