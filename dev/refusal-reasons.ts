import { readFileSync, writeFileSync } from 'node:fs';
import { formatPage } from './data-model/format-page';
import { fillReasons } from './refusal-reasons/fill-reasons';

/** Writes the tables of docs/architecture.md and docs/operations.md again from the reasons of refusal. */
for (const name of ['architecture', 'operations']) {
  const page = new URL(`../docs/${name}.md`, import.meta.url);
  writeFileSync(page, await formatPage(fillReasons(readFileSync(page, 'utf8'))));
}
