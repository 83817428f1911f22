import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { StreamableFile } from '@nestjs/common';
import { writeXlsxStream, type CellValue } from 'hucre/xlsx';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** How a {@link Date} is shown. Without it hucre shows the day alone. */
const TIME = 'yyyy-mm-dd hh:mm:ss';

export interface XlsxColumn {
  header: string;
  /** It has {@link Date}s, whose UTC is written: cells have no zone. */
  isTime?: boolean;
}

/**
 * Rows as a stream of a workbook with one sheet, read as fast as the client takes it, and given up when the client
 * leaves. A text stays a text, whatever it begins with. An error in the middle breaks the answer off.
 *
 * By hucre, which writes in constant memory and needs no other package. exceljs does so too, with nine packages that
 * need more, and has had no release since 2023.
 * @param rows cells in the order of the columns
 * @throws what the first row throws
 */
export async function xlsxOf(
  rows: AsyncGenerator<CellValue[]>,
  columns: XlsxColumn[],
): Promise<StreamableFile> {
  const first = await rows.next();
  const workbook = writeXlsxStream(written(first, rows), {
    name: 'Users',
    columns: columns.map(({ header, isTime }) => ({ header, width: 26, ...(isTime && { numFmt: TIME }) })),
    freezePane: { rows: 1 },
  });
  return new StreamableFile(Readable.fromWeb(workbook as ReadableStream<Uint8Array>), {
    type: XLSX,
    disposition: 'attachment; filename="users.xlsx"',
  });
}

async function* written(first: IteratorResult<CellValue[]>, others: AsyncGenerator<CellValue[]>) {
  try {
    if (!first.done) {
      yield first.value.map(valid);
    }
    for await (const row of others) {
      yield row.map(valid);
    }
  } finally {
    await others.return(undefined);
  }
}

/** Of the characters that XML cannot have hucre writes all in another way but for these two. */
function valid(value: CellValue): CellValue {
  return typeof value === 'string' ? value.replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD') : value;
}
