/** The languages in which programs for spreadsheets are served. */
export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** The media type of each form of file. */
export const formats = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type FileFormat = keyof typeof formats;

/**
 * What the cells of a column are:
 * - `text`: any text;
 * - `number`: a number, or a decimal as text that has every digit;
 * - `share`: a fraction of 1;
 * - `time`: a time without a zone, as `2023-08-05 06:28:54`.
 */
export type CellKind = 'text' | 'number' | 'share' | 'time';

export interface SheetColumn {
  name: string;
  kind: CellKind;
}

/** Null: the cell is empty. */
export type SheetCell = string | number | null;

/** Cells in the order of the columns. */
export type SheetRows = Iterable<SheetCell[]> | AsyncIterable<SheetCell[]>;
