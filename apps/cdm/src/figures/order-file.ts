import type { StreamableFile } from '@nestjs/common';
import type { CellKind, Language, SheetCell, SheetColumn } from '@app/spreadsheets/sheet';
import { csvOf, xlsxOf } from '../http/file-of';
import type { OrdersPage } from './orders.contract';

/** So many orders at a time while all are read. */
const STEP_ORDERS = 1_000;
const NAME = 'orders';

/** A page of at most so many orders, after a cursor. */
export type PageOfOrders = (limit: number, cursor?: string) => Promise<OrdersPage>;

/**
 * All orders behind a figure.
 * @param language of the program that opens it; undefined: for tools, as it was before there was a language
 * @throws what the first order throws
 */
export function orderCsv(pageOf: PageOfOrders, language?: Language): Promise<StreamableFile> {
  return csvOf({ rows: cellsOf(pageOf), columns: columnsIn(language ?? 'tools'), name: NAME }, language);
}

/** As {@link orderCsv}, as a workbook. */
export function orderXlsx(pageOf: PageOfOrders, language: Language): Promise<StreamableFile> {
  return xlsxOf(
    { rows: cellsOf(pageOf), columns: columnsIn(language), name: NAME },
    { en: 'Orders', ru: 'Заказы' }[language],
  );
}

const columns: (Record<Language | 'tools', string> & { kind: CellKind })[] = [
  { tools: 'order_id', en: 'Order', ru: 'Заказ', kind: 'number' },
  { tools: 'ordered_at', en: 'Ordered', ru: 'Оформлен', kind: 'time' },
  { tools: 'restaurant', en: 'Restaurant', ru: 'Ресторан', kind: 'text' },
  { tools: 'status', en: 'Status', ru: 'Статус', kind: 'text' },
  { tools: 'cost', en: 'Cost', ru: 'Стоимость', kind: 'number' },
  { tools: 'payment', en: 'Paid', ru: 'Оплачено', kind: 'number' },
];

function columnsIn(language: Language | 'tools'): SheetColumn[] {
  return columns.map(({ kind, ...names }) => ({ name: names[language], kind }));
}

/** A step is read when the one before has been taken. */
async function* cellsOf(pageOf: PageOfOrders): AsyncGenerator<SheetCell[]> {
  let cursor: string | undefined;
  do {
    const page = await pageOf(STEP_ORDERS, cursor);
    for (const { order_id, ordered_at, restaurant, status, cost, payment } of page.orders) {
      yield [String(order_id), ordered_at, restaurant.name, status, String(cost), String(payment)];
    }
    cursor = page.next ?? undefined;
  } while (cursor);
}
