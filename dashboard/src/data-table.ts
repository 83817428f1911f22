import type { Column } from './scene/chart';
import { element } from './scene/element';

/** The rows of a chart as a table, text as text and figures at the right. */
export function dataTable<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLTableElement {
  const head = element(
    'tr',
    {},
    ...columns.map(({ name, write }) =>
      element('th', { scope: 'col', class: write ? 'figure' : 'text' }, name),
    ),
  );
  const body = rows.map((row) => element('tr', {}, ...columns.map((column) => cell(column, row))));
  return element(
    'table',
    {},
    element('caption', { class: 'unseen' }, caption),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
}

/** `data-value` is the bare value, as in the CSV. */
function cell<Row>({ value, write }: Column<Row>, row: Row): HTMLTableCellElement {
  const bare = value(row);
  const text = write ? write(bare as never) : String(bare ?? '—');
  return element('td', { class: write ? 'figure' : 'text', 'data-value': String(bare ?? '') }, text);
}
