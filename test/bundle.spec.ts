import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const mains = [
  'apps/stg/main.js',
  'apps/dds/main.js',
  'apps/cdm/main.js',
  'ops/order-vault.js',
  'dev/orders.js',
];

it.each(mains)('%s loads nothing of fetch at its start', (main) => {
  const code = readFileSync(join(import.meta.dirname, '../dist', main), 'utf8');
  const imported = [...code.matchAll(/^import .* from ["'](.+)["'];$/gm)].map(([, from]) => from!);
  // As a module, node:http reads all that it exports: WebSocket too, and so the whole of undici.
  expect(imported.filter((from) => !from.startsWith('./'))).toEqual(['node:module']);
  // The type of a decorated parameter is looked up by its name, and express has names that are globals of Node.
  expect(code).not.toMatch(/typeof (Request|Response)\b/);
});

it.each(mains)('%s has packages that Node reads as they are', (main) => {
  const folder = dirname(join(import.meta.dirname, '../dist', main));
  const files = readdirSync(folder).filter((name) => /^packages.*[.]js$/.test(name));
  expect(files).not.toEqual([]);
  const slower = files.filter((name) => {
    const code = readFileSync(join(folder, name), 'utf8');
    // Where a map is named, Node measures every line; with one letter beyond ASCII each takes two bytes.
    return code.includes('sourceMappingURL=') || Buffer.byteLength(code) !== code.length;
  });
  expect(slower).toEqual([]);
});
