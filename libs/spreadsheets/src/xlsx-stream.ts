import { writeXlsxStream, type CellValue } from 'hucre/xlsx';
import type { CellKind, SheetCell, SheetColumn, SheetRows } from './sheet';

/** How Excel shows a kind of cells, in its own signs; where nothing is said, as it likes. */
const shown: Record<CellKind, string | undefined> = {
  text: undefined,
  number: undefined,
  share: '0.0%',
  time: 'yyyy-mm-dd hh:mm:ss',
};

/** In characters. */
const widths: Record<CellKind, number> = { text: 28, number: 14, share: 14, time: 20 };
/** Beside the header. */
const ROOM = 2;
/** Excel takes no longer name of a sheet. */
const LONGEST_TITLE = 31;
/** Excel keeps so many significant digits of a number. */
const MOST_DIGITS = 15;
/** Excel counts days from here, and has no earlier times. */
const FIRST_TIME = '1900-03-01';

/**
 * Rows as a workbook with one sheet, read as fast as the stream is. The header stays in sight, numbers and times are
 * such, and a text stays a text, whatever it begins with. A number with more digits than Excel keeps is a text, and so
 * is a time that it does not know.
 *
 * By hucre, which writes in constant memory, in a browser too, and needs no other package. exceljs has had no release
 * since 2023, and has nine packages that need more.
 * @param title of the sheet, without `[]:*?/\\`; Excel keeps _History_ for itself
 */
export function xlsxStream(
  rows: SheetRows,
  columns: SheetColumn[],
  title: string,
): ReadableStream<Uint8Array> {
  return writeXlsxStream(written(rows, columns), {
    name: title.slice(0, LONGEST_TITLE),
    columns: columns.map(({ name, kind }) => ({
      header: name,
      width: Math.max(widths[kind], name.length + ROOM),
      numFmt: shown[kind],
    })),
    freezePane: { rows: 1 },
  });
}

async function* written(rows: SheetRows, columns: SheetColumn[]): AsyncGenerator<CellValue[]> {
  for await (const row of rows) {
    yield row.map((cell, place) => valueOf(cell, columns[place]!.kind));
  }
}

function valueOf(cell: SheetCell, kind: CellKind): CellValue {
  if (typeof cell !== 'string') {
    return cell;
  }
  switch (kind) {
    case 'number':
    case 'share':
      return digitsOf(cell) <= MOST_DIGITS ? Number(cell) : cell;
    case 'time':
      // A cell has no zone, and hucre writes what a time shows in UTC.
      return cell >= FIRST_TIME ? new Date(`${cell.replace(' ', 'T')}Z`) : cell;
    case 'text':
      // Of the characters that XML cannot have hucre writes all in another way but for these two.
      return cell.replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');
  }
}

/** Significant ones, of a decimal. */
function digitsOf(decimal: string): number {
  return decimal.replaceAll(/\D/g, '').replace(/^0+/, '').length;
}
