import { stringify } from 'yaml';
import { entityMetadata } from '../data-model/entity-metadata';
import { formatPage } from '../data-model/format-page';
import { dbtSources } from './dbt-sources';

const HEAD = '# Made from the entities by `npx tsx dev/data-model.ts`.\n';

/** The text of dbt/models/sources.yml. */
export async function dbtSourcesPage(): Promise<string> {
  return formatPage(
    HEAD + stringify(dbtSources(await entityMetadata()), { lineWidth: 0, aliasDuplicateObjects: false }),
    'yaml',
  );
}
