import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rows } from './bulk-insert';

function rowsOf(...keys: string[]): Rows {
  const rows = new Rows();
  keys.forEach((key, place) => rows.add(key, key, place));
  return rows;
}

describe('Rows', () => {
  it('gives one array a column, in the ascending order of the keys', () => {
    const rows = new Rows();
    rows.add('b', 'two', 2, null);
    rows.add('a', 'one', 1, true);
    expect(rows.columns()).toEqual([
      ['one', 'two'],
      [1, 2],
      [true, null],
    ]);
  });

  it('keeps the first row of a key', () => {
    const rows = rowsOf('a', 'b', 'a');
    expect(rows.columns()).toEqual([
      ['a', 'b'],
      [0, 1],
    ]);
    expect(rows.size).toBe(2);
  });

  it('has no columns without rows', () => {
    expect(new Rows().columns()).toEqual([]);
    expect(new Rows().size).toBe(0);
  });

  it('gives the same order, whatever the order in which rows came', () => {
    const keys = fc.uniqueArray(fc.string(), { minLength: 1 });
    const shuffled = keys.chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
    fc.assert(
      fc.property(shuffled, (list) => {
        expect(rowsOf(...list).columns()[0]).toEqual(list.toSorted());
      }),
    );
  });

  it('leaves out what is excluded, and stays as it is itself', () => {
    const rows = rowsOf('a', 'b', 'c');
    expect(rows.without((key) => key === 'b').columns()).toEqual([
      ['a', 'c'],
      [0, 2],
    ]);
    expect([...rows.keys()]).toEqual(['a', 'b', 'c']);
  });
});
