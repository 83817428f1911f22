import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify';

/**
 * Rows as a stream of CSV, read as fast as the client takes them, and given up when he leaves. An error in the middle
 * breaks the answer off.
 * @param columns members of a row, in their order; times are written as ISO 8601 in UTC. What a spreadsheet would take
 *   for a formula gets an apostrophe before it.
 * @throws what the first row throws
 */
export async function csvOf<Row extends object>(
  rows: AsyncGenerator<Row>,
  columns: (keyof Row & string)[],
): Promise<StreamableFile> {
  const csv = stringify({
    header: true,
    columns,
    escape_formulas: true,
    cast: { date: (time) => time.toISOString() },
  });
  // Whoever reads the last of the streams gets the error.
  pipeline(Readable.from(rows), csv, () => undefined);
  await once(csv, 'readable');
  return new StreamableFile(csv, {
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="users.csv"',
  });
}
