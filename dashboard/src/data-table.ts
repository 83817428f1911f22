import type { Column } from './scene/chart';
import { element } from './scene/element';
import { linkTo, type Links } from './scene/link-to';

/**
 * The rows of a chart as a table, text as text and figures at the right.
 * @param links for figures that lead to what is behind them
 */
export function dataTable<Row>(
  caption: string,
  columns: Column<Row>[],
  rows: Row[],
  links?: Links,
): HTMLTableElement {
  const head = element(
    'tr',
    {},
    ...columns.map((column) => element('th', { scope: 'col', class: sideOf(column) }, column.name)),
  );
  const body = rows.map((row) => element('tr', {}, ...columns.map((column) => cell(column, row, links))));
  return element(
    'table',
    {},
    element('caption', { class: 'unseen' }, caption),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
}

/** Figures stand at the right. */
function sideOf<Row>({ write, kind }: Column<Row>): string {
  return write && kind !== 'time' ? 'figure' : 'text';
}

/** `data-value` is the bare value, as in a file. */
function cell<Row>(column: Column<Row>, row: Row, links: Links | undefined): HTMLTableCellElement {
  const { value, write, opens } = column;
  const bare = value(row);
  const text = write ? write(bare as never) : String(bare ?? '—');
  const behind = links && opens?.(row);
  return element(
    'td',
    { class: sideOf(column), 'data-value': String(bare ?? '') },
    behind ? linkTo(links, behind, {}, text) : text,
  );
}
