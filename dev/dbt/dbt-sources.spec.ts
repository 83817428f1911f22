import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entityMetadata } from '../data-model/entity-metadata';
import { dbtSources } from './dbt-sources';
import { dbtSourcesPage } from './dbt-sources-page';

it('dbt/models/sources.yml says what the entities say (npx tsx dev/data-model.ts writes it)', async () => {
  const page = readFileSync(new URL('../../dbt/models/sources.yml', import.meta.url), 'utf8');
  expect(page).toBe(await dbtSourcesPage());
});

it('a link has the tests of its keys, and personal columns are marked', async () => {
  const { sources } = dbtSources(await entityMetadata()) as {
    sources: { name: string; tables: { name: string; columns: Record<string, unknown>[] }[] }[];
  };
  const columnsOf = (schema: string, table: string) =>
    sources.find(({ name }) => name === schema)!.tables.find(({ name }) => name === table)!.columns;
  expect(columnsOf('dds', 'l_order_user').slice(0, 2)).toEqual([
    {
      name: 'hk_order_user_pk',
      description: expect.any(String) as string,
      data_tests: ['not_null', 'unique'],
    },
    {
      name: 'h_order_pk',
      description: expect.any(String) as string,
      data_tests: [
        'not_null',
        'unique',
        { relationships: { arguments: { to: `source('dds', 'h_order')`, field: 'h_order_pk' } } },
      ],
    },
  ]);
  const personal = columnsOf('dds', 's_user_names').filter(({ config }) => config !== undefined);
  expect(personal.map(({ name }) => name)).toEqual(['username', 'userlogin']);
});
