import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/* docs/guarantees.md says where each promise is tested. */
const folder = new URL('guarantees/', import.meta.url);
const page = readFileSync(new URL('../docs/guarantees.md', import.meta.url), 'utf8');

/** Of each promise the files of its short tests and of its long ones, which are in `test/guarantees/`. */
const promises = page
  .split('\n')
  .filter((row) => /^\| \d+\. /.test(row))
  .map((row) => {
    const [name = '', short = '', long = ''] = row.split('|').slice(1, -1);
    return { name: name.trim(), short: filesOf(short), long: filesOf(long) };
  });

function filesOf(cell: string): string[] {
  return Array.from(cell.matchAll(/`([\w-]+)`/g), ([, name]) => `${name}.spec.ts`);
}

it('has a short test of each promise', () => {
  expect(promises).toHaveLength(10);
  for (const { name, short } of promises) {
    expect([name, short]).not.toEqual([name, []]);
    for (const file of short) {
      expect(readFileSync(new URL(file, folder), 'utf8')).toContain(`tags: ['short']`);
    }
  }
});

it('runs the tests with the tag, and no other file, in `npm test`', () => {
  const config = readFileSync(new URL('../vitest.config.ts', import.meta.url), 'utf8');
  const [, list = ''] = /const promises = \[([^\]]*)\]/.exec(config) ?? [];
  const listed = Array.from(list.matchAll(/'([^']+)'/g), ([, name]) => `guarantees/${name}.spec.ts`);
  const tests = new URL('.', import.meta.url);
  const tagged = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.spec.ts') &&
      path !== 'promises.spec.ts' &&
      readFileSync(new URL(path, tests), 'utf8').includes(`tags: ['short']`),
  );
  expect(tagged.toSorted()).toEqual(listed.toSorted());
});

it('leaves no file out', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.spec.ts'));
  expect(promises.flatMap(({ long }) => long)).toEqual(expect.arrayContaining(files));
  expect(files).toEqual(expect.arrayContaining(promises.flatMap(({ long }) => long)));
});
