import { expect } from 'vitest';
import { textTable } from '../../ops/command/text-table';
import type { Pipeline } from './pipeline';

/**
 * Expects what a query finds, written as psql shows it: the query up to its semicolon, the names of the columns, then
 * one row a line.
 *
 *     await expectTable(pipeline)`
 *       SELECT order_id, final_status FROM dds.order_current;
 *         order_id  final_status
 *         1         CLOSED
 *     `;
 */
export function expectTable({ database }: Pipeline) {
  return async (texts: TemplateStringsArray, ...values: string[]): Promise<void> => {
    const [query = '', expected = ''] = String.raw(texts, ...values).split(/;(.*)/s);
    const { fields, rows } = await database.pool.query<unknown[]>({ text: query, rowMode: 'array' });
    const names = fields.map(({ name }) => name);
    const cells = rows.map((row) => row.map((value) => String(value ?? '')));
    const found = textTable([names, ...cells], [...names.keys()]);
    expect(trimmed(found)).toBe(trimmed(expected));
  };
}

function trimmed(table: string): string {
  const lines = table.trim().split('\n');
  return lines.map((line) => line.trim()).join('\n');
}
