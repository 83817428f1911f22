import { readFileSync, writeFileSync } from 'node:fs';
import { entityMetadata } from './data-model/entity-metadata';
import { fillPage } from './data-model/fill-page';
import { formatPage } from './data-model/format-page';
import { dbtSourcesPage } from './dbt/dbt-sources-page';

/**
 * Writes the tables and the picture of docs/data-model.md again from the entities, the list of personal columns in
 * docs/security.md, and the sources of dbt.
 */
const entities = await entityMetadata();
for (const name of ['data-model', 'security']) {
  const page = new URL(`../docs/${name}.md`, import.meta.url);
  writeFileSync(page, await formatPage(fillPage(readFileSync(page, 'utf8'), entities)));
}
writeFileSync(new URL('../dbt/models/sources.yml', import.meta.url), await dbtSourcesPage());
