import { expect, it } from 'vitest';
import { textTable } from './text-table';

it('aligns the first column to the left and the others to the right', () => {
  const rows = [
    ['', 'then', 'now'],
    ['history', '9.40 s', '13.74 s'],
  ];
  expect(textTable(rows)).toBe('           then      now\nhistory  9.40 s  13.74 s');
});

it('aligns the columns to the left that it is asked to', () => {
  const rows = [
    ['1', 'COMMIT'],
    ['20', 'BEGIN'],
  ];
  expect(textTable(rows, [1])).toBe(' 1  COMMIT\n20  BEGIN');
});
