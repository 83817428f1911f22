import { LRUCache } from 'lru-cache';
import { digestOf } from './digest';

/** A condition of a rule, as the page on tags describes it. */
export interface Condition {
  not?: boolean;
  count: 'orders' | 'items' | 'money' | 'days_since_last_order' | 'first_order';
  match?: Partial<Record<'category' | 'product_id' | 'product_pattern' | 'restaurant_id', string | string[]>>;
  at_least?: number;
  at_most?: number;
  last_days?: number;
  from?: string;
  to?: string;
}

export type Conditions = { all_of: (Condition | Conditions)[] } | { any_of: (Condition | Conditions)[] };

/** A CLOSED order of a guest. */
export interface ClosedOrder {
  time: string;
  restaurant: string;
  payment: string;
  lines: { product: string; category: string; quantity: string; amount: string }[];
}

/** Products of patterns, by the number of the condition in its rule. */
export type PatternProducts = ReadonlyMap<number, ReadonlySet<string>>;

/**
 * Whether a rule holds for a guest.
 * @param now the present at the source, as `2024-03-01 12:00:00`
 */
export function ruleHolds(
  conditions: Conditions,
  orders: ClosedOrder[],
  products: PatternProducts,
  now: string,
): boolean {
  let number = 0;
  const holds = (part: Condition | Conditions): boolean => {
    if ('count' in part) {
      const own = products.get(number) ?? new Set<string>();
      number += 1;
      return isTrue(part, orders, own, now) !== (part.not === true);
    }
    // Each is asked, since conditions are numbered as they are written.
    const answers = 'all_of' in part ? part.all_of.map(holds) : part.any_of.map(holds);
    return 'all_of' in part ? answers.every(Boolean) : answers.some(Boolean);
  };
  return holds(conditions);
}

function isTrue(
  condition: Condition,
  orders: ClosedOrder[],
  products: ReadonlySet<string>,
  now: string,
): boolean {
  const { count, at_least, at_most } = condition;
  const isInside = insideOf(condition, now);
  if (count === 'first_order') {
    const first = orders.map(({ time }) => time).sort()[0];
    return first !== undefined && isInside(first);
  }
  const isMeant = meantBy(condition, products);
  const meant = orders.flatMap((order) => {
    const lines = order.lines.filter(({ product, category }) => isMeant(product, category));
    const matches = condition.match?.restaurant_id
      ? isNamed('h_restaurant', condition.match.restaurant_id, order.restaurant)
      : !condition.match || lines.length > 0;
    return matches && isInside(order.time) ? [{ ...order, lines }] : [];
  });
  if (count === 'days_since_last_order') {
    const last = meant
      .map(({ time }) => time)
      .sort()
      .at(-1);
    return last === undefined
      ? at_most === undefined
      : (at_least === undefined || last <= daysLater(now, -at_least)) &&
          (at_most === undefined || last > daysLater(now, -at_most - 1));
  }
  const sum = meant.reduce((total, order) => total + worth(condition, order), 0n);
  return (
    (at_least === undefined || sum >= units(String(at_least))) &&
    (at_most === undefined || sum <= units(String(at_most)))
  );
}

function worth({ count, match }: Condition, { payment, lines }: ClosedOrder): bigint {
  if (count === 'orders') {
    return units('1');
  }
  if (count === 'money' && (!match || match.restaurant_id)) {
    return units(payment);
  }
  return lines.reduce((sum, { amount, quantity }) => sum + units(count === 'money' ? amount : quantity), 0n);
}

function meantBy(
  { match }: Condition,
  products: ReadonlySet<string>,
): (product: string, category: string) => boolean {
  if (!match || match.restaurant_id) {
    return () => true;
  }
  if (match.product_pattern) {
    return (product) => products.has(product);
  }
  return match.category
    ? (_, category) => isNamed('h_category', match.category!, category)
    : (product) => isNamed('h_product', match.product_id!, product);
}

const MOST_KEYS = 10_000;
/** Hash keys of what rules name, by hub and name: each order is compared with them. */
const keys = new LRUCache<string, string>({ max: MOST_KEYS });

function keyOf(hub: string, name: string): string {
  const known = keys.get(`${hub} ${name}`) ?? digestOf(hub, name);
  keys.set(`${hub} ${name}`, known);
  return known;
}

function isNamed(hub: string, named: string | string[], key: string): boolean {
  return [named].flat().some((name) => name.toLowerCase() === key || keyOf(hub, name) === key);
}

function insideOf({ last_days, from, to }: Condition, now: string): (time: string) => boolean {
  const since = last_days === undefined ? undefined : daysLater(now, -last_days);
  return (time) =>
    (since === undefined || time > since) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to);
}

const DECIMALS = 5;

/** In the smallest part of money that there is. */
function units(number: string): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  return BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}

function daysLater(time: string, days: number): string {
  const moved = new Date(`${time.slice(0, 19).replace(' ', 'T')}Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 19).replace('T', ' ') + time.slice(19);
}
