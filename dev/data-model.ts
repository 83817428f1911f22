import { readFileSync, writeFileSync } from 'node:fs';
import { entityMetadata } from './data-model/entity-metadata';
import { fillPage } from './data-model/fill-page';
import { formatPage } from './data-model/format-page';
import { pages } from './data-model/pages';
import { dbtSourcesPage } from './dbt/dbt-sources-page';

/**
 * Writes what the entities say: the tables and the picture of docs/data-model.md and docs/ru/data-model.md, the list of
 * personal columns in docs/security.md, and the sources of dbt.
 */
const entities = await entityMetadata();
for (const [name, edition] of pages) {
  const page = new URL(`../docs/${name}`, import.meta.url);
  writeFileSync(page, await formatPage(fillPage(readFileSync(page, 'utf8'), entities, edition)));
}
writeFileSync(new URL('../dbt/models/sources.yml', import.meta.url), await dbtSourcesPage());
