import type { OrderChange } from './counter-changes';
import type { LedgerOrder } from './read-vault-order';

/** How a row of cdm.daily_sales changes. */
export interface SalesChange {
  day: string;
  restaurantId: string;
  orders: number;
  closedOrders: number;
  /** In hundred-thousandths, the least that money can be. */
  cost: bigint;
  payment: bigint;
}

const DECIMALS = 5;

/** Every order counts on the day it was made, its money only while it is CLOSED. In the order of days, then restaurants. */
export function salesChanges(changes: OrderChange[]): SalesChange[] {
  const sales = new Map<string, SalesChange>();
  const count = (order: LedgerOrder, by: 1 | -1) => {
    const day = order.orderDt.slice(0, 10);
    const key = `${day} ${order.restaurantId}`;
    const { restaurantId } = order;
    const sale = sales.get(key) ?? { day, restaurantId, orders: 0, closedOrders: 0, cost: 0n, payment: 0n };
    sales.set(key, sale);
    sale.orders += by;
    if (order.status === 'CLOSED') {
      sale.closedOrders += by;
      sale.cost += BigInt(by) * moneyUnits(order.cost);
      sale.payment += BigInt(by) * moneyUnits(order.payment);
    }
  };
  for (const { before, after } of changes) {
    if (before) {
      count(before, -1);
    }
    count(after, 1);
  }
  return [...sales]
    .filter(
      ([, sale]) => sale.orders !== 0 || sale.closedOrders !== 0 || sale.cost !== 0n || sale.payment !== 0n,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, sale]) => sale);
}

/** @param decimal not negative, with at most five decimals, as `6.5` or `300.00000` */
function moneyUnits(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** The decimal that PostgreSQL reads. */
export function moneyText(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}
