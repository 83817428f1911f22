import { csvStream } from '@app/spreadsheets/csv-stream';
import { formats, type FileFormat, type Language, type SheetCell } from '@app/spreadsheets/sheet';
import { xlsxStream } from '@app/spreadsheets/xlsx-stream';
import type { Column } from './chart';

/**
 * The rows of a table as a file that a program for spreadsheets opens in this language.
 * @param title of the sheet
 */
export function sheetFile<Row>(
  format: FileFormat,
  columns: Column<Row>[],
  rows: Row[],
  title: string,
  language: Language,
): Promise<Blob> {
  const cells: SheetCell[][] = rows.map((row) => columns.map(({ value }) => value(row)));
  const heads = columns.map(({ name, kind, write }) => ({ name, kind: kind ?? (write ? 'number' : 'text') }));
  const file = format === 'csv' ? csvStream(cells, heads, language) : xlsxStream(cells, heads, title);
  return new Response(file, { headers: { 'Content-Type': formats[format] } }).blob();
}
