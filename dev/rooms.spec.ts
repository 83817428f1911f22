import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const checkout = fileURLToPath(new URL('..', import.meta.url));

/** The folders of which files of each folder import something, but for its own. */
function importsByFolder(...tops: string[]): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const top of tops) {
    for (const path of readdirSync(join(checkout, top), { recursive: true, encoding: 'utf8' })) {
      if (/\.tsx?$/.test(path) && !path.endsWith('.spec.ts')) {
        const folder = dirname(join(top, path));
        const found = imports.get(folder) ?? new Set();
        importedFolders(folder, readFileSync(join(checkout, top, path), 'utf8')).forEach((one) =>
          found.add(one),
        );
        found.delete(folder);
        imports.set(folder, found);
      }
    }
  }
  return imports;
}

function importedFolders(folder: string, text: string): string[] {
  return Array.from(text.matchAll(/(?:from|import) ?\(?'((?:\.{1,2}|@app)\/[^']+)'/g), ([, path]) =>
    path!.startsWith('@app/')
      ? `libs/${path!.split('/')[1]}/src`
      : relative(checkout, dirname(resolve(checkout, folder, path!))),
  );
}

/** What is left when folders that import no other are taken away, again and again: those of cycles, and above them. */
function inCycles(imports: Map<string, Set<string>>): Map<string, Set<string>> {
  const left = new Map(imports);
  for (;;) {
    const free = [...left].find(([, others]) => ![...others].some((other) => left.has(other)));
    if (!free) {
      return left;
    }
    left.delete(free[0]);
  }
}

it('imports between folders run one way', () => {
  const imports = importsByFolder('apps', 'libs', 'ops', 'dev', 'dashboard/src', 'test');
  expect(imports.get('dashboard/src')).toContain('dashboard/src/charts');
  expect(imports.get('dashboard/src/tags')).toContain('dashboard/src/scene');
  expect(imports.get('libs/kafka/src')).toContain('libs/servers/src');
  expect(inCycles(imports)).toEqual(new Map());
});

it('finds a folder that imports back', () => {
  const imports = new Map([
    ['a', new Set(['b', 'c'])],
    ['b', new Set(['c'])],
    ['c', new Set<string>()],
  ]);
  expect(inCycles(imports).size).toBe(0);
  imports.set('c', new Set(['a']));
  expect([...inCycles(imports).keys()]).toEqual(['a', 'b', 'c']);
});
