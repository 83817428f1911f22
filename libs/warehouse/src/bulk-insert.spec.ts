import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { arrayText, Rows } from './bulk-insert';

/** Object id of the type `text[]`, which the driver's own list leaves out. */
const TEXT_ARRAY = 1009;

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
});

describe('arrayText', () => {
  it('quotes texts, escapes what would end them, and knows null from the text NULL', () => {
    expect(arrayText(['a', 'b c', '', null, 'NULL', '{},', '"\\', 'ё\n'])).toBe(
      String.raw`{"a","b c","",NULL,"NULL","{},","\"\\","ё` + '\n"}',
    );
  });

  it('writes numbers and truth values as they are', () => {
    expect(arrayText([1, -2.5, true, null])).toBe('{1,-2.5,true,NULL}');
    expect(arrayText([])).toBe('{}');
  });

  it('is read back as the same texts', () => {
    const text = fc.option(fc.string({ unit: 'binary' }));
    const readArray = pg.types.getTypeParser(TEXT_ARRAY as never) as (array: string) => unknown;
    fc.assert(
      fc.property(fc.array(text), (values) => {
        expect(readArray(arrayText(values))).toEqual(values);
      }),
    );
  });
});
