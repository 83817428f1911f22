import { expect, it } from 'vitest';
import { Mark, type Progress } from './pipeline-progress';

const at = (...places: [next: number, end: number][]): Progress =>
  places.map(([next, end]) => new Map([[0, { next, end }]]));

it('is passed once each service has finished what there was when the one before it had', () => {
  const mark = new Mark();
  expect(mark.hasPassed(at([3, 5], [9, 9], [9, 9]))).toBe(false);
  // stg has sent two more, and got others.
  expect(mark.hasPassed(at([5, 8], [9, 11], [9, 9]))).toBe(false);
  expect(mark.hasPassed(at([5, 8], [10, 11], [10, 10]))).toBe(false);
  expect(mark.hasPassed(at([5, 8], [11, 20], [10, 11]))).toBe(false);
  expect(mark.hasPassed(at([5, 8], [11, 20], [11, 20]))).toBe(true);
});

it('is passed at once where nothing is on its way', () => {
  expect(new Mark().hasPassed(at([5, 5], [9, 9], [9, 9]))).toBe(true);
});

it('waits for a service that goes back', () => {
  const mark = new Mark();
  expect(mark.hasPassed(at([3, 5], [9, 9], [9, 9]))).toBe(false);
  expect(mark.hasPassed(at([0, 5], [9, 9], [9, 9]))).toBe(false);
});
