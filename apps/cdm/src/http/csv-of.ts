import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify, type Options } from 'csv-stringify';

/**
 * Rows as a stream of CSV for tools, read as fast as the client takes them, and given up when the client leaves. An
 * error in the middle breaks the answer off.
 * @param columns members of a row, in their order; times are written as ISO 8601 in UTC. What a spreadsheet would take
 *   for a formula gets an apostrophe before it.
 * @param file the name under which a browser saves it
 * @throws what the first row throws
 */
export function csvOf<Row extends object>(
  rows: AsyncGenerator<Row>,
  columns: (keyof Row & string)[],
  file?: string,
): Promise<StreamableFile> {
  return streamed(rows, { columns, cast: { date: (time) => time.toISOString() } }, file);
}

/**
 * As {@link csvOf}, in the form that Excel opens with a double click where Windows has the language: with a byte order
 * mark, since else it takes UTF-8 for another encoding, and with the separators that the language has.
 * @param rows cells in the order of the headers
 */
export function csvFor(
  language: 'en' | 'ru',
  rows: AsyncGenerator<(string | number | null)[]>,
  headers: string[],
): Promise<StreamableFile> {
  const number = (value: number) => (language === 'ru' ? String(value).replace('.', ',') : String(value));
  const delimiter = language === 'ru' ? ';' : ',';
  return streamed(rows, { columns: headers, delimiter, bom: true, cast: { number } });
}

async function streamed(
  rows: AsyncGenerator<unknown>,
  options: Options,
  file = 'users.csv',
): Promise<StreamableFile> {
  const csv = stringify({ header: true, escape_formulas: true, ...options });
  // The reader of the last stream gets the error.
  pipeline(Readable.from(rows), csv, () => undefined);
  await once(csv, 'readable');
  return new StreamableFile(csv, {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${file}"`,
  });
}
