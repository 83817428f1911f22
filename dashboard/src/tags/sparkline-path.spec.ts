import { expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path';

it.each([
  [[0, 10, 5], 'M0 20L50 0L100 10'],
  [[7, 7], 'M0 10L100 10'],
  [[7], 'M0 10'],
])('draws %j as a line of the box', (values, path) => {
  expect(sparklinePath(values, 100, 20)).toBe(path);
});
