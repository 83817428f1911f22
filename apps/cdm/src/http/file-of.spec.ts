import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import readExcelFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import type { SheetColumn } from '@app/spreadsheets/sheet';
import { csvOf, xlsxOf, type File } from './file-of';

const columns: SheetColumn[] = [
  { name: 'Гость', kind: 'text' },
  { name: 'Заказов', kind: 'number' },
];

function file(count: number, last?: Error, taken = { count: 0 }): File {
  return { rows: rows(count, last, taken), columns, name: 'guests' };
}

async function* rows(count: number, last: Error | undefined, taken: { count: number }) {
  try {
    for (let number = 1; number <= count; number += 1) {
      taken.count += 1;
      yield [`guest${number}`, number];
    }
    if (last) {
      throw last;
    }
  } finally {
    taken.count += 0.5; // it has ended
  }
}

async function untilStill(taken: { count: number }): Promise<void> {
  for (let before = -1; before !== taken.count;) {
    before = taken.count;
    await sleep(50);
  }
}

const down = new Error('the database is down');
/** So many rows fill what lies between a reader and the rows. */
const MANY = 400_000;

describe.each([
  ['CSV', (of: File) => csvOf(of)],
  ['XLSX', (of: File) => xlsxOf(of, 'Гости')],
])('%s', (_, fileOf) => {
  it('is read only as fast as the reader takes it, and given up when the reader leaves', async () => {
    const taken = { count: 0 };
    const stream = (await fileOf(file(MANY, undefined, taken))).getStream();
    await once(stream, 'readable');
    await untilStill(taken);
    expect(taken.count).toBeLessThan(MANY / 2);
    stream.destroy();
    await expect.poll(() => taken.count % 1).toBe(0.5);
    expect(taken.count).toBeLessThan(MANY / 2);
  });

  it('breaks off where a row cannot be read', async () => {
    const broken = await fileOf(file(20_000, down));
    await expect(buffer(broken.getStream())).rejects.toThrow(down.message);
  });

  it('is refused at once where the first row cannot be read', async () => {
    await expect(fileOf(file(0, down))).rejects.toThrow(down.message);
  });
});

it('has all rows, each once', async () => {
  const csv = await csvOf(file(2_500), 'ru');
  const lines = parse(await text(csv.getStream()), { bom: true, delimiter: ';' }) as string[][];
  expect(lines).toHaveLength(2_501);
  expect(lines.at(-1)).toEqual(['guest2500', '2500']);
  const [sheet] = await readExcelFile(await buffer((await xlsxOf(file(2_500), 'Гости')).getStream()));
  expect(sheet!.data.map((row) => row.map(String))).toEqual(lines);
});

it('has a type and a name', async () => {
  expect((await csvOf(file(1))).getHeaders()).toMatchObject({
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="guests.csv"',
  });
  expect((await xlsxOf(file(1), 'Гости')).getHeaders()).toMatchObject({
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    disposition: 'attachment; filename="guests.xlsx"',
  });
});
