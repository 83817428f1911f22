import { expect, it } from 'vitest';
import { sliderKey } from './slider-key';

const range = { least: 1, most: 30, leap: 7 };

it.each([
  ['ArrowRight', 11],
  ['ArrowUp', 11],
  ['ArrowLeft', 9],
  ['ArrowDown', 9],
  ['PageUp', 17],
  ['PageDown', 3],
  ['Home', 1],
  ['End', 30],
])('%s moves a slider from 10 to %d', (key, place) => {
  expect(sliderKey(key, 10, range)).toBe(place);
});

it('stays within its range, and leaves other keys alone', () => {
  expect(sliderKey('PageDown', 5, range)).toBe(1);
  expect(sliderKey('ArrowRight', 30, range)).toBe(30);
  expect(sliderKey('Tab', 5, range)).toBeUndefined();
});
