import { buffer } from 'node:stream/consumers';
import { strFromU8, unzipSync } from 'fflate';
import readExcelFile from 'read-excel-file/node';
import { expect, it } from 'vitest';
import type { SheetCell, SheetColumn } from './sheet';
import { xlsxStream } from './xlsx-stream';

const columns: SheetColumn[] = [
  { name: 'Блюдо', kind: 'text' },
  { name: 'Последний подходящий заказ', kind: 'time' },
  { name: 'Рублей', kind: 'number' },
  { name: 'Доля', kind: 'share' },
];

const written = (rows: SheetCell[][], of = columns) =>
  buffer(xlsxStream(rows, of, 'Рестораны и их категории за неделю'));

it('is read by another library, with numbers and times as such', async () => {
  const workbook = await written([
    ['Борщ', '2024-02-29 10:00:00', '1234.50', 0.776],
    ['Суп', null, -3, null],
  ]);
  const [sheet] = await readExcelFile(workbook);
  expect(sheet!.sheet).toBe('Рестораны и их категории за нед');
  expect(sheet!.data).toEqual([
    ['Блюдо', 'Последний подходящий заказ', 'Рублей', 'Доля'],
    ['Борщ', new Date('2024-02-29T10:00:00Z'), 1234.5, 0.776],
    ['Суп', null, -3, null],
  ]);
});

it('keeps as texts what Excel would spoil: more than 15 digits, and times before 1900', async () => {
  const workbook = await written([
    ['', '0001-01-01 00:00:00', '9223372036854775807', '0.123456789012345'],
    ['', '1900-03-01 00:00:00', '0.00123456789012345', '12345678901234.5'],
    ['', '1900-02-28 23:59:59', '12345678901234.56789', '0'],
  ]);
  const [sheet] = await readExcelFile(workbook);
  expect(sheet!.data.slice(1).map((row) => row.slice(1))).toEqual([
    ['0001-01-01 00:00:00', '9223372036854775807', 0.123456789012345],
    [new Date('1900-03-01T00:00:00Z'), 0.00123456789012345, 12345678901234.5],
    ['1900-02-28 23:59:59', '12345678901234.56789', 0],
  ]);
});

it('writes texts as texts, also those that look like formulas or cannot stand in XML', async () => {
  const texts = ['=1+1', '+7 921', '@SUM(A1)', '<&">', 'a\u0001b\uFFFEc', 'Ёжик 🦔', '007'];
  const workbook = await written(
    [texts],
    texts.map((name) => ({ name, kind: 'text' })),
  );
  const [sheet] = await readExcelFile(workbook);
  const read = sheet!.data[1]!.map(String);
  expect(read.filter((_, place) => place !== 4)).toEqual(texts.filter((_, place) => place !== 4));
  expect(read[4]).toMatch(/^a.*b\uFFFDc$/u);
  expect(strFromU8(unzipSync(workbook)['xl/worksheets/sheet1.xml']!)).not.toContain('<f>');
});

it('keeps the header in sight, and gives columns the width of what is in them', async () => {
  const sheet = strFromU8(unzipSync(await written([]))['xl/worksheets/sheet1.xml']!);
  expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  expect(
    Array.from(sheet.matchAll(/<col [^>]*width="([\d.]+)"/g), ([, width]) => Math.floor(Number(width))),
  ).toEqual([28, 28, 14, 14]);
});
