import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const path = new URL('../../.env', import.meta.url);

/** The variables of the file `.env` of the checkout; none where there is no such file. */
export function readEnvFile(): NodeJS.Dict<string> {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}
