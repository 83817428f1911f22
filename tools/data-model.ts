import { readFileSync, writeFileSync } from 'node:fs';
import { entityMetadata } from './data-model/entity-metadata';
import { fillPage } from './data-model/fill-page';
import { formatPage } from './data-model/format-page';

/** Writes the tables and the picture of docs/data-model.md anew from the entities. */
const page = new URL('../docs/data-model.md', import.meta.url);
writeFileSync(page, await formatPage(fillPage(readFileSync(page, 'utf8'), await entityMetadata())));
