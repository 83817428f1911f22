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

const DECIMALS = 5;

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

/** @param decimal with at most five decimals, as `6.5` or `-300.00000` */
export function moneyUnits(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** The decimal that PostgreSQL reads. */
export function moneyText(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
