#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// npx order-vault: the commands of this checkout, from source, so that nothing has to be built before, and with the
// variables of `.env`, as by `npm run`.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
const env = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(env)) {
  process.loadEnvFile(env);
}
await import('./order-vault.ts');
