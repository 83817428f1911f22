import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Locator } from 'playwright-core';
import readXlsx from 'read-excel-file/node';

interface SavedSheet {
  /** Of the CSV. */
  name: string;
  csv: string[][];
  /** Times as `2023-08-05 06:28:54`. */
  xlsx: unknown[][];
}

/**
 * Saves a table by its buttons CSV and Excel, and reads both files as a program for spreadsheets does.
 * @param part what holds the buttons of this table alone
 * @param delimiter of the CSV in the language of the page
 */
export async function savedSheet(part: Locator, delimiter: ',' | ';'): Promise<SavedSheet> {
  const csv = await saved(part, 'CSV');
  if (csv.file.subarray(0, 3).toString('hex') !== 'efbbbf') {
    throw new Error(`${csv.name} has no byte order mark`);
  }
  const book = await saved(part, 'Excel');
  const [sheet] = await readXlsx(book.file);
  return {
    name: csv.name,
    csv: parse(csv.file, { bom: true, delimiter }) as string[][],
    xlsx: sheet!.data.map((cells) => cells.map((cell) => (cell instanceof Date ? timeOf(cell) : cell))),
  };
}

async function saved(part: Locator, format: string): Promise<{ name: string; file: Buffer }> {
  const page = part.page();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    part.locator('.file', { hasText: format }).click(),
  ]);
  return { name: download.suggestedFilename(), file: await readFile(await download.path()) };
}

/** A workbook counts in days: the last digits of a fraction are lost. */
function timeOf(cell: Date): string {
  return new Date(Math.round(cell.getTime() / 1_000) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}
