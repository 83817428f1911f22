import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entityMetadata } from './entity-metadata';
import { fillPage } from './fill-page';
import { formatPage } from './format-page';
import { purposeOf } from './index-purposes';

const entities = await entityMetadata();
const pageOf = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
const page = pageOf('data-model');

it.each(['data-model', 'security'])(
  'docs/%s.md says what the entities say (npx tsx dev/data-model.ts writes it)',
  async (name) => {
    expect(await formatPage(fillPage(pageOf(name), entities))).toBe(pageOf(name));
  },
);

it('docs/data-model.md has every table, view and column', () => {
  for (const entity of entities) {
    expect(page).toContain(`\n### ${entity.schema}.${entity.tableName}\n`);
    for (const column of entity.columns) {
      expect(page).toContain(`\n| \`${column.databaseName}\``);
    }
  }
});

it('a part that is out of date is written again, and what stands around it stays', () => {
  const filled = fillPage('before\n<!-- tables of stg -->\nout of date\n<!-- end -->\nafter', entities);
  expect(filled).toMatch(/^before\n<!-- tables of stg -->\n\n### stg\.dictionary_entries\n/);
  expect(filled).toMatch(/\n<!-- end -->\nafter$/);
  expect(filled).not.toContain('out of date');
});

it('a part of an unknown schema is refused', () => {
  expect(() => fillPage('<!-- tables of staging -->\n<!-- end -->', entities)).toThrow(
    '<!-- tables of staging -->: no entity has the schema "staging"',
  );
});

it('an index whose query or promise nobody has said is refused', () => {
  expect(() => purposeOf('h_user_load_dt')).toThrow(
    'index-purposes.ts does not say which query or promise h_user_load_dt is for',
  );
});
