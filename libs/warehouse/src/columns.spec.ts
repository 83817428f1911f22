import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryArray, type ArrayType, type ArrayValue } from './binary-array';
import { Columns, columns } from './columns';

const named = columns({ order_id: 'bigint', name: 'text', note: 'text?' }, 'order_id', 'name');
const row = (order_id: string, name: string, note: string | null = null) => ({ order_id, name, note });

describe('columns', () => {
  it('are the table that a statement reads', () => {
    expect(named.names).toBe('order_id, name, note');
    expect(named.unnest('given')).toBe(
      'unnest($1::bigint[], $2::text[], $3::text[]) AS given (order_id, name, note)',
    );
    expect(columns({ day: 'date?' }).unnest('of_day', 4)).toBe('unnest($4::date[]) AS of_day (day)');
  });

  it('take rows by name', () => {
    // @ts-expect-error a number is no text
    const wrong: Parameters<typeof named.arrays>[0] = [{ order_id: '1', name: 1, note: null }];
    // @ts-expect-error note is left out
    const short: Parameters<typeof named.arrays>[0] = [{ order_id: '1', name: 'a' }];
    // @ts-expect-error name is never null
    const empty: Parameters<typeof named.arrays>[0] = [{ order_id: '1', name: null, note: null }];
    expect([wrong, short, empty]).toHaveLength(3);
  });

  it('write one array a column', () => {
    const [ids, , notes] = named.arrays([row('2', 'b', 'x'), row('1', 'a')]);
    expect(ids!.subarray(20).toString('hex')).toBe('000000080000000000000001000000080000000000000002');
    expect(notes!.subarray(20).toString('hex')).toBe('ffffffff0000000178');
  });

  it('take nulls among values that all have one size, wherever they come', () => {
    const values = {
      uuid: 'da2de06d-0eeb-5bcd-907d-6c395bd901a4',
      timestamp: '2022-11-19 16:06:36.5',
      date: '2022-11-19',
      smallint: -2,
      integer: 70_000,
      bigint: '9223372036854775807',
      boolean: true,
      numeric: '1.5',
    };
    for (const [type, value] of Object.entries(values) as [ArrayType, ArrayValue][]) {
      const nullable = new Columns<{ place: number; value: ArrayValue }>([
        { name: 'place', type: 'integer', isKey: true },
        { name: 'value', type, isKey: false },
      ]);
      const rows = [value, null, value, value, null].map((one, place) => ({ place, value: one }));
      for (let first = 0; first < rows.length; first += 1) {
        const [, sorted] = nullable.arrays([...rows.slice(first), ...rows.slice(0, first)]);
        expect(sorted).toEqual(
          binaryArray(
            type,
            rows.map((one) => one.value),
          ),
        );
      }
    }
  });

  it('keep the first row of a key, in the order of the keys, numbers by their size', () => {
    expect(
      named.once([row('10', 'a'), row('9', 'b', 'first'), row('9', 'b', 'second'), row('9', 'a')]),
    ).toEqual([row('9', 'a'), row('9', 'b', 'first'), row('10', 'a')]);
  });

  it('sort times before 2000 and negative numbers first, and texts as the collation "C" does', () => {
    const times = columns({ at: 'timestamp', number: 'integer', name: 'text' }, 'at', 'number', 'name');
    const rows = [
      { at: '1999-12-31 23:59:59', number: -1, name: 'a' },
      { at: '1999-12-31 23:59:59', number: 1, name: 'a' },
      { at: '1999-12-31 23:59:59', number: 1, name: 'ab' },
      { at: '1999-12-31 23:59:59', number: 1, name: '\uffff' },
      { at: '1999-12-31 23:59:59', number: 1, name: '😀' },
      { at: '2000-01-01 00:00:00', number: -1, name: '' },
      { at: '2000-01-01 00:00:00.000001', number: -1, name: '' },
    ];
    expect(times.once(rows.toReversed())).toEqual(rows);
  });

  it('do not take two keys for one', () => {
    const pairs = columns({ a: 'text', b: 'text' }, 'a', 'b');
    expect(
      pairs.once([
        { a: 'x', b: 'yz' },
        { a: 'xy', b: 'z' },
      ]),
    ).toHaveLength(2);
  });

  it('take hundreds of thousands of keys that begin alike', () => {
    const rows = Array.from({ length: 200_000 }, (_, place) => row('1', `u${place}`));
    const [, names] = named.arrays([...rows, ...rows]);
    expect(names!.readInt32BE(12)).toBe(rows.length);
  });

  it('leave rows without a key as they are', () => {
    const rows = [{ a: 'b' }, { a: 'a' }, { a: 'a' }];
    expect(columns({ a: 'text' }).once(rows)).toBe(rows);
  });

  it('write rows that are not kept as they write those that are', () => {
    const rows = [
      row('10', 'a'),
      row('9', 'b', 'x'.repeat(5_000)),
      row('9', 'b', 'second'),
      row('9', 'a', ''),
    ];
    const writer = named.writer();
    rows.forEach((one) => writer.add(one));
    expect(writer).toHaveLength(4);
    expect(writer.arrays()).toEqual(named.arrays(named.once(rows)));
    expect(writer.arrays()).toEqual(writer.arrays());
  });

  it('write into what was given back, and change nothing that was not', () => {
    const texts = columns({ a: 'text', b: 'bytea' }, 'a');
    const of = (letter: string) => ({ a: letter.repeat(3_000), b: Buffer.alloc(3_000, letter) });
    const kept = texts.writer();
    kept.add(of('k'));
    const copies = kept.arrays().map((array) => Buffer.from(array));
    const given = texts.writer();
    given.add(of('g'));
    const [first] = given.arrays();
    given.giveBack();
    const next = texts.arrays([of('n')]);
    expect(next.map(({ buffer }) => buffer)).toContain(first!.buffer);
    expect(kept.arrays()).toEqual(copies);
    expect(() => given.arrays()).toThrow('given back');
  });

  it('give the same order, whatever the order in which rows came', () => {
    const keys = fc.uniqueArray(fc.string(), { minLength: 1 });
    const shuffled = keys.chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
    const texts = columns({ a: 'text' }, 'a');
    fc.assert(
      fc.property(shuffled, (list) => {
        expect(texts.once(list.map((a) => ({ a }))).map(({ a }) => a)).toEqual(list.toSorted());
      }),
    );
  });

  it('sort whole numbers of 64 bits by their size, also where many begin alike', () => {
    const many = fc.array(
      fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.bigInt({ min: 2n ** 62n, max: 2n ** 62n + 5n }),
        fc.bigInt({ min: -3n, max: 3n }),
      ),
      { maxLength: 200 },
    );
    const numbers = columns({ number: 'bigint', place: 'integer' }, 'number');
    fc.assert(
      fc.property(many, (list) => {
        const rows = list.map((number, place) => ({ number: String(number), place }));
        const first = rows.filter(({ number }, place) => list.indexOf(BigInt(number)) === place);
        const sorted = first.toSorted((a, b) => (BigInt(a.number) < BigInt(b.number) ? -1 : 1));
        expect(numbers.once(rows)).toEqual(sorted);
      }),
    );
  });
});
