/// <reference types="@rspack/core/module" />
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files in `migrations/` without their ending, the oldest first. A bundle holds their names, and not the files, since
 * "weak" takes only what is in it anyway; from source the folder is read.
 */
export const migrationNames = filesInFolder()
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('./', '').replace('.ts', ''))
  .sort();

function filesInFolder(): string[] {
  return typeof __webpack_require__ === 'function'
    ? import.meta.webpackContext('../../../migrations', { regExp: /\.ts$/, mode: 'weak' }).keys()
    : readdirSync(join(import.meta.dirname, '../../../migrations'));
}
