import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failpoints } from '@app/failpoints/failpoint';

const names = Object.keys(failpoints);

function codeOf(build: string): string {
  const folder = join(import.meta.dirname, '..', build);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(apps\/\w+|ops)\/[\w-]+\.js$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

it('the build that ships has no failpoint and no clock to be set, and the test build has all', () => {
  const shipped = codeOf('dist');
  const tried = codeOf('dist-failpoints');
  expect(shipped).toContain('Clock');
  expect([...names, 'FAILPOINT', 'failpoint', 'CLOCK_FILE'].filter((word) => shipped.includes(word))).toEqual(
    [],
  );
  expect([...names, 'CLOCK_FILE'].filter((word) => !tried.includes(word))).toEqual([]);
});
