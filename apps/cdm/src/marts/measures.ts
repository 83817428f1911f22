import { moneyUnits } from '../ledger/money-units';
import type { LedgerOrder } from '../ledger/read-vault-order';

/** Money in hundred-thousandths, the least that it can be; everything else as a number. */
export type Amount = number | bigint;

/** What is added up over the orders of a row. */
export interface Measure {
  type: 'integer' | 'numeric';
  comment: string;
  /** Only CLOSED orders have it. */
  isOfClosed: boolean;
  zero: Amount;
  /** What an order adds. */
  amountOf: (order: LedgerOrder) => Amount;
  /** The same in SQL: an aggregate over the rows of the ledger. */
  sql: string;
}

export const measures = {
  orders: {
    type: 'integer',
    comment: 'Заказы в любом статусе, каждый один раз / Distinct orders in any status',
    isOfClosed: false,
    zero: 0,
    amountOf: () => 1,
    sql: 'count(*)',
  },
  closedOrders: {
    type: 'integer',
    comment: 'Закрытые заказы (CLOSED), каждый один раз / Distinct CLOSED orders',
    isOfClosed: true,
    zero: 0,
    amountOf: () => 1,
    sql: 'count(*)',
  },
  cost: {
    type: 'numeric',
    comment: 'Стоимость закрытых заказов (CLOSED) / Cost of the CLOSED orders',
    isOfClosed: true,
    zero: 0n,
    amountOf: ({ cost }) => moneyUnits(cost),
    sql: 'sum(cost)',
  },
  payment: {
    type: 'numeric',
    comment: 'Оплачено по закрытым заказам (CLOSED) / Payment for the CLOSED orders',
    isOfClosed: true,
    zero: 0n,
    amountOf: ({ payment }) => moneyUnits(payment),
    sql: 'sum(payment)',
  },
  /** They change when rows of another mart come and go: see `Users` of the declarations. */
  users: {
    type: 'integer',
    comment: 'Гости с такими заказами, каждый один раз / Distinct users with such orders',
    isOfClosed: true,
    zero: 0,
    amountOf: () => 0,
    sql: 'count(DISTINCT user_id)',
  },
} satisfies Record<string, Measure>;

export type MeasureKey = keyof typeof measures;
