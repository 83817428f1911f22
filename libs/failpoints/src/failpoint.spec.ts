import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failpoints } from './failpoint';

const root = join(import.meta.dirname, '../../..');
const names = Object.keys(failpoints).sort();

function linesOf(folder: string, isWanted: (file: string) => boolean): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && isWanted(file))
    .flatMap((file) => readFileSync(join(root, folder, file), 'utf8').split('\n'));
}

const isProduct = (file: string) => !file.endsWith('.spec.ts') && !file.startsWith('failpoints/');
const calls = ['apps', 'libs']
  .flatMap((folder) => linesOf(folder, isProduct))
  .filter((line) => line.includes('failpoint('));

it('each failpoint of the list is in the product once, and no other is', () => {
  expect(calls.map((line) => /failpoint\('(\w+)'\)/.exec(line)?.[1]).sort()).toEqual(names);
});

it('each call is one that the build leaves out', () => {
  expect(calls.filter((line) => !/^ *FAILPOINTS && (.* && )?failpoint\(/.test(line))).toEqual([]);
});

it('a test makes a service die at each failpoint', () => {
  const tests = linesOf('test', (file) => file.endsWith('.spec.ts')).join('\n');
  expect(names.filter((name) => !tests.includes(`'${name}'`))).toEqual([]);
});
