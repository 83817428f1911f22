import type { FileFormat } from '@app/spreadsheets/sheet';
import { element } from './element';

/** In all languages. */
export const formatNames: Record<FileFormat, string> = { csv: 'CSV', xlsx: 'Excel' };

/** So long a browser may take to begin with the file. */
const KEEP_MS = 60_000;

/** Gives the file to the reader. What is asked for with a token has no address. */
export function download(file: Blob, name: string): void {
  const link = element('a', { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
}
