import { writeCsvStream } from 'hucre/csv';
import type { Language, SheetCell, SheetColumn, SheetRows } from './sheet';

/** What programs for spreadsheets take for the begin of a formula. */
const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

interface Form {
  delimiter: string;
  decimalPoint: string;
  bom: boolean;
}

/**
 * Excel opens CSV with a double click where it has the separators of the language of Windows, and a byte order mark: it
 * takes UTF-8 for another encoding without one.
 */
const forms: Record<Language | 'tools', Form> = {
  tools: { delimiter: ',', decimalPoint: '.', bom: false },
  en: { delimiter: ',', decimalPoint: '.', bom: true },
  ru: { delimiter: ';', decimalPoint: ',', bom: true },
};

/**
 * Rows as CSV, read as fast as the stream is. Text that a spreadsheet would take for a formula gets an apostrophe
 * before it; a number never does.
 * @param language of the program that opens it; undefined: for tools
 */
export function csvStream(
  rows: SheetRows,
  columns: SheetColumn[],
  language?: Language,
): ReadableStream<Uint8Array> {
  const { delimiter, decimalPoint, bom } = forms[language ?? 'tools'];
  return writeCsvStream(written(rows, columns, decimalPoint), {
    delimiter,
    bom,
    lineSeparator: '\n',
    headers: columns.map(({ name }) => name),
  });
}

async function* written(rows: SheetRows, columns: SheetColumn[], decimalPoint: string) {
  for await (const row of rows) {
    yield row.map((cell, place) => field(cell, columns[place]!, decimalPoint));
  }
  // Ends the last line, as tools expect it.
  yield [];
}

function field(cell: SheetCell, { kind }: SheetColumn, decimalPoint: string): string | null {
  if (cell === null) {
    return null;
  }
  const text = String(cell);
  if (kind === 'number' || kind === 'share') {
    return text.replace('.', decimalPoint);
  }
  return formula.test(text) ? `'${text}` : text;
}
