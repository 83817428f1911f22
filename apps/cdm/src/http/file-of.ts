import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { StreamableFile } from '@nestjs/common';
import { formats, type Language, type SheetCell, type SheetColumn } from '@app/spreadsheets/sheet';

export interface File {
  rows: AsyncGenerator<SheetCell[]>;
  columns: SheetColumn[];
  /** Under which a browser saves it, without an ending. */
  name: string;
}

/**
 * Rows as a stream of CSV, read as fast as the client takes them, and given up when the client leaves. An error in the
 * middle breaks the answer off.
 * What writes files is loaded for the first of them.
 * @param language of the program that opens it; undefined: for tools
 * @throws what the first row throws
 */
export async function csvOf({ rows, columns, name }: File, language?: Language): Promise<StreamableFile> {
  const { csvStream } = await import('@app/spreadsheets/csv-stream');
  const csv = csvStream(await begun(rows), columns, language);
  return answerOf(csv, `${formats.csv}; charset=utf-8`, `${name}.csv`);
}

/**
 * As {@link csvOf}, a workbook with one sheet.
 * @param title of the sheet
 */
export async function xlsxOf({ rows, columns, name }: File, title: string): Promise<StreamableFile> {
  const { xlsxStream } = await import('@app/spreadsheets/xlsx-stream');
  return answerOf(xlsxStream(await begun(rows), columns, title), formats.xlsx, `${name}.xlsx`);
}

/** The rows again, after the first one has been read. */
async function begun<Row>(rows: AsyncGenerator<Row>): Promise<AsyncGenerator<Row>> {
  const first = await rows.next();
  return (async function* () {
    try {
      if (!first.done) {
        yield first.value;
      }
      yield* rows;
    } finally {
      await rows.return(undefined);
    }
  })();
}

function answerOf(file: globalThis.ReadableStream<Uint8Array>, type: string, name: string): StreamableFile {
  return new StreamableFile(Readable.fromWeb(file as ReadableStream<Uint8Array>), {
    type,
    disposition: `attachment; filename="${name}"`,
  });
}
