import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entityMetadata } from './entity-metadata';
import { fillPage } from './fill-page';
import { formatPage } from './format-page';

const page = readFileSync(new URL('../../docs/data-model.md', import.meta.url), 'utf8');
const entities = await entityMetadata();

it('docs/data-model.md says what the entities say (npx tsx tools/data-model.ts writes it anew)', async () => {
  expect(await formatPage(fillPage(page, entities))).toBe(page);
});

it('docs/data-model.md has every table, view and column', () => {
  for (const entity of entities) {
    expect(page).toContain(`\n### ${entity.schema}.${entity.tableName}\n`);
    for (const column of entity.columns) expect(page).toContain(`\n| \`${column.databaseName}\``);
  }
});

it('a part that is out of date is written anew, and what stands around it stays', () => {
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
