import { strToU8, zipSync } from 'fflate';
import { stringify } from 'yaml';
import { formatPage } from '../data-model/format-page';
import type { Language } from './charts';
import { datalensWorkbook } from './datalens-workbook';
import { supersetExport } from './superset-export';

const languages: Language[] = ['ru', 'en'];
/** Of all files in an archive, so that the same files give the same archive. ZIP has no zone. */
const WRITTEN_AT = '2026-01-01T00:00:00';

/** What stands in bi/, by file name. */
export async function biFiles(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const language of languages) {
    files[`superset-${language}.zip`] = archive(supersetExport(language));
    const workbook = JSON.stringify(datalensWorkbook(language));
    files[`datalens-${language}.json`] = strToU8(await formatPage(workbook, 'json'));
  }
  return files;
}

/** Not compressed: what a library makes of it could change with its version. */
function archive(files: Record<string, object>): Uint8Array {
  const entries = Object.entries(files).map(([path, content]) => [
    `order_vault/${path}`,
    strToU8(stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })),
  ]);
  return zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, {
    level: 0,
    mtime: new Date(WRITTEN_AT),
  });
}
