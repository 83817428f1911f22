import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import readExcelFile from 'read-excel-file/node';
import { expect, it } from 'vitest';
import { xlsxOf } from './xlsx-of';

const columns = [{ header: 'Гость' }, { header: 'Заказов' }, { header: 'Тег с', isTime: true }];
const since = new Date('2024-02-29T10:00:00Z');

async function* rows(count: number, taken = { count: 0 }, last?: Error) {
  try {
    for (let number = 1; number <= count; number += 1) {
      taken.count += 1;
      yield [`user${number}`, number, since];
    }
    if (last) {
      throw last;
    }
  } finally {
    taken.count += 0.5; // it has ended
  }
}

it('writes a workbook that another library reads', async () => {
  const workbook = await xlsxOf(rows(2_500), columns);
  const [sheet] = await readExcelFile(await buffer(workbook.getStream()));
  expect(sheet!.data).toHaveLength(2_501);
  expect(sheet!.data.slice(0, 2)).toEqual([
    ['Гость', 'Заказов', 'Тег с'],
    ['user1', 1, since],
  ]);
  expect(sheet!.data.at(-1)).toEqual(['user2500', 2_500, since]);
});

it('writes texts as texts, also those that look like formulas or cannot stand in XML', async () => {
  const texts = ['=1+1', '+7 921', '@SUM(A1)', '<&">', 'a\u0001b\uFFFEc', 'Ёжик 🦔'];
  const one = async function* () {
    yield texts;
  };
  const workbook = await xlsxOf(
    one(),
    texts.map((header) => ({ header })),
  );
  const [sheet] = await readExcelFile(await buffer(workbook.getStream()));
  const read = sheet!.data[1]!.map(String);
  expect(read.filter((_, place) => place !== 4)).toEqual(texts.filter((_, place) => place !== 4));
  expect(read[4]).toMatch(/^a.*b\uFFFDc$/u);
});

it('writes the headers also where there is no row', async () => {
  const [sheet] = await readExcelFile(await buffer((await xlsxOf(rows(0), columns)).getStream()));
  expect(sheet!.data).toEqual([['Гость', 'Заказов', 'Тег с']]);
});

it('takes no more rows when the reader leaves', async () => {
  const taken = { count: 0 };
  const stream = (await xlsxOf(rows(200_000, taken), columns)).getStream();
  await once(stream, 'readable');
  stream.destroy();
  await expect.poll(() => taken.count % 1).toBe(0.5);
  expect(taken.count).toBeLessThan(20_000);
});

it('breaks off where a row cannot be read', async () => {
  const workbook = await xlsxOf(rows(20_000, undefined, new Error('the database is down')), columns);
  await expect(buffer(workbook.getStream())).rejects.toThrow('the database is down');
});

it('refuses at once where the first row cannot be read', async () => {
  const failing = rows(0, undefined, new Error('the database is down'));
  await expect(xlsxOf(failing, columns)).rejects.toThrow('the database is down');
});
