import { mkdirSync, writeFileSync } from 'node:fs';
import { biFiles } from './bi/bi-files';

/** Writes bi/ again: the workbooks for DataLens and Superset, from dev/bi/charts.ts. */
const folder = new URL('../bi/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(await biFiles())) {
  writeFileSync(new URL(name, folder), content);
}
