import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { deployFiles, placeOf } from './deploy-files';

it.each(await deployFiles())(
  'deploy/%s is up to date (npx tsx dev/deploy-files.ts writes it)',
  (name, text) => {
    expect(readFileSync(placeOf(name), 'utf8')).toBe(text);
  },
);
