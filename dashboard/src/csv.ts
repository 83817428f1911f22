/** What a spreadsheet may take for the begin of a formula. */
const formula = /^[=+\-@\t\r]/;

/**
 * RFC 4180, with the byte order mark by which spreadsheets recognise UTF-8. Text that a spreadsheet would take for a
 * formula gets an apostrophe before it, as in the CSV of the API.
 */
export function csv(rows: (string | number | null)[][]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') {
    return value === null ? '' : String(value);
  }
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
