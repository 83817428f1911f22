import type { Row } from './rows';

/** Rows of the views of guests in `report`, each as its cells joined by `|`. */
export interface GuestFigures {
  /** month, users, new users, returning users, orders. */
  monthly_guests: string[];
  /** cohort, months later, users of the cohort, users, orders. */
  guest_cohorts: string[];
  /** orders, users. */
  repeat_orders: string[];
  /** Key of the one dish, of the other, orders. */
  dish_pairs: string[];
}

/** @param ledger the rows of `cdm.order_versions` */
export function guestFigures(ledger: Row[]): GuestFigures {
  const closed = ledger.filter(({ status }) => status === 'CLOSED');
  const guests = [...groupBy(closed, ({ user_id: user }) => user as string).values()].map((orders) =>
    orders.map((order) => (order.order_dt as string).slice(0, 7)).sort(),
  );
  const months = guests.flatMap(([cohort, ...more]) =>
    [...groupBy([cohort!, ...more], (month) => month)].map(([month, { length: orders }]) => ({
      cohort: cohort!,
      month,
      orders,
    })),
  );
  const repeats = groupBy(guests, ({ length }) => length);
  return {
    monthly_guests: Array.from(
      groupBy(months, ({ month }) => month),
      ([month, all]) => {
        const fresh = all.filter(({ cohort }) => cohort === month).length;
        return [`${month}-01`, all.length, fresh, all.length - fresh, ordersOf(all)].join('|');
      },
    ).sort(),
    guest_cohorts: cohorts(months).sort(),
    repeat_orders: Array.from(repeats, ([orders, { length: users }]) => `${orders}|${users}`).sort(),
    dish_pairs: Array.from(
      groupBy(closed.flatMap(pairsOf), (pair) => pair),
      ([pair, { length }]) => `${pair}|${length}`,
    ).sort(),
  };
}

interface GuestMonth {
  cohort: string;
  month: string;
  orders: number;
}

function cohorts(months: GuestMonth[]): string[] {
  return [...groupBy(months, ({ cohort }) => cohort)].flatMap(([cohort, all]) => {
    const size = all.filter(({ month }) => month === cohort).length;
    return Array.from(
      groupBy(all, ({ month }) => month),
      ([month, some]) =>
        [`${cohort}-01`, number(month) - number(cohort), size, some.length, ordersOf(some)].join('|'),
    );
  });
}

function groupBy<One, Key>(all: One[], keyOf: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>();
  for (const one of all) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function ordersOf(months: GuestMonth[]): number {
  return months.reduce((sum, { orders }) => sum + orders, 0);
}

/** Of a month among all months. */
function number(month: string): number {
  const [year, ofYear] = month.split('-').map(Number);
  return 12 * year! + ofYear!;
}

/** All pairs of the dishes of an order, by their keys. */
function pairsOf({ products }: Row): string[] {
  const keys = (products as string)
    .split(', ')
    .map((product) => product.split(' ')[0]!)
    .sort();
  return keys.flatMap((one, place) => keys.slice(place + 1).map((other) => `${one}|${other}`));
}
