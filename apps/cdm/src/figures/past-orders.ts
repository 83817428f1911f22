import { setImmediate as turn } from 'node:timers/promises';
import { moneyText as paddedText, moneyUnits } from '../ledger/money-units';
import { statuses } from './orders.contract';
import { NumberColumn } from './number-column';
import {
  OrderColumns,
  type ColumnFilter,
  type CopiedOrder,
  type Counts,
  type Grain,
  type LineFilter,
} from './order-columns';

const CLOSED = statuses.indexOf('CLOSED');

/** An order as it was, of any status. Money is decimals with at most five places. */
export interface PastOrder extends CopiedOrder {
  status: string;
  cost: string;
  payment: string;
}

/** Of an order that a filter takes. Money in hundred thousandths. */
export interface VisitedOrder {
  place: number;
  time: number;
  isClosed: boolean;
  cost: bigint;
  payment: bigint;
}

/**
 * All orders as they were at a moment, and the names of then, in memory: figures with any filter are counted in some
 * tens of milliseconds for a million. About 90 bytes an order.
 */
export class PastOrders {
  /** Names by hash key. */
  readonly products = new Map<string, string>();
  readonly restaurants = new Map<string, string>();
  readonly categories = new Map<string, string>();
  private readonly columns = new OrderColumns();
  private readonly status = new NumberColumn(Uint8Array);
  private readonly closed = new NumberColumn(Uint8Array);
  private readonly cost = new NumberColumn(BigUint64Array);
  private readonly payment = new NumberColumn(BigUint64Array);

  /** @param knownAt the moment until which it was loaded */
  constructor(readonly knownAt: Date) {}

  get size(): number {
    return this.columns.size;
  }

  /** Before all is added. */
  add(order: PastOrder): void {
    this.columns.add(order);
    const status = statuses.indexOf(order.status as (typeof statuses)[number]);
    this.status.push(status);
    this.closed.push(status === CLOSED ? 1 : 0);
    this.cost.push(moneyUnits(order.cost));
    this.payment.push(moneyUnits(order.payment));
  }

  /** CLOSED orders, or their users, by the grains. */
  count(filter: ColumnFilter, by: 'orders' | 'users', grains: Grain[]): Promise<Counts> {
    return this.columns.count(filter, by, grains, turn, this.closed.all);
  }

  /** @param status undefined: of any */
  async visit(filter: LineFilter & { status?: string }, visit: (order: VisitedOrder) => void): Promise<void> {
    const status = statuses.findIndex((one) => one === filter.status);
    await this.columns.visit(
      filter,
      (place) => {
        if (filter.status === undefined || this.status.at(place) === status) {
          visit({
            place,
            time: this.columns.timeAt(place),
            isClosed: this.closed.at(place) === 1,
            cost: this.cost.at(place),
            payment: this.payment.at(place),
          });
        }
      },
      turn,
    );
  }

  idAt(place: number): bigint {
    return this.columns.idAt(place);
  }

  statusAt(place: number): string {
    return statuses[this.status.at(place)]!;
  }

  restaurantAt(place: number): { id: string; name: string } {
    const id = this.columns.restaurantAt(place);
    return { id, name: this.restaurants.get(id)! };
  }
}

/** Hundred thousandths as a decimal, without trailing zeros. */
export function moneyText(units: bigint): string {
  return paddedText(units).replace(/\.?0+$/, '');
}
