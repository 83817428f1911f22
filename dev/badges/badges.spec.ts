import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { badges, placeOf } from './badges';

it.each(badges())('the badge %s is up to date (npx tsx dev/badges.ts draws it)', (name, picture) => {
  expect(readFileSync(placeOf(name), 'utf8')).toBe(picture);
});
