import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvStream } from './csv-stream';
import type { Language, SheetCell, SheetColumn } from './sheet';

const columns: SheetColumn[] = [
  { name: 'Блюдо', kind: 'text' },
  { name: 'Рублей', kind: 'number' },
  { name: 'Доля', kind: 'share' },
  { name: 'Когда', kind: 'time' },
];
const rows: SheetCell[][] = [
  ['Борщ; «Киевский», с "пампушками"', '12345678901234.56789', 0.776, '2024-02-29 10:00:00'],
  ['=1+1', -3.5, null, null],
  ['+7 921', '-0.5', 0, '0001-01-01 00:00:00'],
];

const written = (language?: Language) => text(csvStream(rows, columns, language));

/** What Excel with this decimal sign makes of the fields. */
function read(csv: string, delimiter: string, decimalPoint: string): unknown[][] {
  const number = new RegExp(`^-?\\d+(\\${decimalPoint}\\d+)?$`);
  return parse(csv, {
    bom: true,
    delimiter,
    cast: (field) => (number.test(field) ? Number(field.replace(decimalPoint, '.')) : field),
  }) as unknown[][];
}

const expected = [
  ['Блюдо', 'Рублей', 'Доля', 'Когда'],
  ['Борщ; «Киевский», с "пампушками"', 12345678901234.568, 0.776, '2024-02-29 10:00:00'],
  ["'=1+1", -3.5, '', ''],
  ["'+7 921", -0.5, 0, '0001-01-01 00:00:00'],
];

it('is read where Windows speaks Russian: semicolons, decimal commas, a byte order mark', async () => {
  const csv = await written('ru');
  expect(csv.split('\n')[1]).toBe(
    '"Борщ; «Киевский», с ""пампушками""";12345678901234,56789;0,776;2024-02-29 10:00:00',
  );
  expect(read(csv, ';', ',')).toEqual(expected);
  expect(
    Buffer.from(await new Response(csvStream(rows, columns, 'ru')).arrayBuffer()).subarray(0, 3),
  ).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
});

it('is read where Windows speaks English', async () => {
  const csv = await written('en');
  expect(csv.split('\n')[2]).toBe("'=1+1,-3.5,,");
  expect(read(csv, ',', '.')).toEqual(expected);
});

it('has no byte order mark for tools, and ends its last line', async () => {
  const csv = Buffer.from(await new Response(csvStream(rows, columns)).arrayBuffer());
  expect(csv.toString('utf8')).toMatch(/^Блюдо,Рублей,Доля,Когда\n[^]+,0001-01-01 00:00:00\n$/);
});

it('has the names also where there is no row', async () => {
  expect(await text(csvStream([], columns))).toBe('Блюдо,Рублей,Доля,Когда\n');
});
