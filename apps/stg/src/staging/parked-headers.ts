import type { Header } from '@app/kafka/outgoing-message';

/** Headers as `stg.pending_orders.message_header_list` has them: name and value in base64, in their order. */
export type HeaderList = [name: string, value: string | null][];

export function headerList(headers: readonly Header[]): HeaderList {
  return headers.map(([name, value]) => [name.toString('base64'), value?.toString('base64') ?? null]);
}

/**
 * As `message_headers` has them, for the release before: by name, and without what no object and no text of PostgreSQL
 * can hold.
 */
export function headersByName(headers: readonly Header[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [bytes, value] of headers) {
    const name = bytes.toString().replaceAll('\0', '\ufffd');
    values.set(name, [...(values.get(name) ?? []), value?.toString('base64') ?? '']);
  }
  return Object.fromEntries(values);
}

/** @param list null in rows that the release before has written */
export function headersOfRow(list: HeaderList | null, byName: Record<string, string[]>): Header[] {
  const entries: HeaderList =
    list ??
    Object.entries(byName).flatMap(([name, values]) =>
      values.map((value): HeaderList[number] => [Buffer.from(name).toString('base64'), value]),
    );
  return entries.map(([name, value]) => [
    Buffer.from(name, 'base64'),
    value === null ? null : Buffer.from(value, 'base64'),
  ]);
}
