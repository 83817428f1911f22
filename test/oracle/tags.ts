import { hashKey } from './hash-key';
import type { Row, Tables } from './rows';

/** A row of cdm.tag_rules. */
export interface Rule {
  id: string;
  tag: string;
  conditions: Joined<Condition | Joined<Condition>>;
  enabled: boolean;
}

export type Joined<Member> = { all_of: Member[] } | { any_of: Member[] };

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

/** A CLOSED order of a guest. */
interface Order {
  time: string;
  restaurant: string;
  payment: string;
  lines: Line[];
}

interface Line {
  product: string;
  category: string;
  quantity: string;
  amount: string;
}

/** Names of dishes, folded, by hash key. */
type Names = Map<string, string>;

/**
 * What tags are held, and what they are decided by, when all is evaluated.
 * @param marts the tables of the marts
 * @param now the present at the source, as `2024-03-01 12:00:00`
 */
export function tagTables(marts: Tables, rules: Rule[], now: string): Tables {
  const names: Names = new Map(
    (marts['cdm.product_names'] ?? []).map((row) => [
      String(row.product_id),
      folded(String(row.product_name)),
    ]),
  );
  const guests = closedOrders(marts);
  const held = new Map<string, Row>();
  const states: Row[] = [];
  const dishes: Row[] = [];
  for (const { id, tag, conditions } of rules.filter(({ enabled }) => enabled)) {
    for (const [user, orders] of guests) {
      if (holds(conditions, orders, names, now)) {
        held.set(`${user} ${tag}`, { user_id: user, tag });
        states.push({ user_id: user, rule_id: id });
      }
    }
    for (const [number, { match }] of listed(conditions).entries()) {
      for (const [product, name] of names) {
        if (textsOf(match?.product_pattern).some((text) => name.includes(folded(text)))) {
          dishes.push({ rule_id: id, condition: String(number), product_id: product });
        }
      }
    }
  }
  return {
    'cdm.user_tags': [...held.values()],
    'cdm.user_rule_states': states,
    'cdm.tag_rule_products': dishes,
  };
}

/** Of all guests, also of those who have none. */
function closedOrders(marts: Tables): Map<string, Order[]> {
  const guests = new Map((marts['cdm.users'] ?? []).map(({ user_id }) => [String(user_id), [] as Order[]]));
  for (const row of marts['cdm.order_versions'] ?? []) {
    if (row.status === 'CLOSED') {
      guests.get(String(row.user_id))!.push({
        time: String(row.order_dt),
        restaurant: String(row.restaurant_id),
        payment: String(row.payment),
        lines: row.products === '' ? [] : String(row.products).split(', ').map(lineOf),
      });
    }
  }
  return guests;
}

function lineOf(text: string): Line {
  const [product = '', category = '', quantity = '', amount = ''] = text.split(' ');
  return { product, category, quantity, amount };
}

function holds(rule: Rule['conditions'] | Condition, orders: Order[], names: Names, now: string): boolean {
  if ('all_of' in rule) {
    return rule.all_of.every((member) => holds(member, orders, names, now));
  }
  if ('any_of' in rule) {
    return rule.any_of.some((member) => holds(member, orders, names, now));
  }
  return isTrue(rule, orders, names, now) !== (rule.not === true);
}

function isTrue(condition: Condition, orders: Order[], names: Names, now: string): boolean {
  const { count, at_least = 0, at_most = Infinity } = condition;
  if (count === 'first_order') {
    const [first] = orders.map(({ time }) => time).sort();
    return first !== undefined && isInside(first, condition, now);
  }
  const matching = orders.flatMap((order) => {
    const lines = matchingLines(condition, order, names);
    return lines && isInside(order.time, condition, now) ? [{ ...order, lines }] : [];
  });
  if (count === 'days_since_last_order') {
    const last = matching
      .map(({ time }) => time)
      .sort()
      .at(-1);
    if (last === undefined) {
      return condition.at_most === undefined;
    }
    const isLongAgo = condition.at_least === undefined || last <= movedBy(now, -at_least);
    return isLongAgo && (condition.at_most === undefined || last > movedBy(now, -at_most - 1));
  }
  const number =
    count === 'orders'
      ? matching.length * UNIT
      : Number(matching.reduce((sum, order) => sum + worth(condition, order), 0n));
  return number >= Math.round(at_least * UNIT) && number <= Math.round(at_most * UNIT);
}

/** Money has at most five decimals. The numbers of tests are exact in these units. */
const UNIT = 100_000;

function worth({ count, match }: Condition, { payment, lines }: Order): bigint {
  if (count === 'money' && (match === undefined || match.restaurant_id !== undefined)) {
    return units(payment);
  }
  return lines.reduce((sum, line) => sum + units(count === 'money' ? line.amount : line.quantity), 0n);
}

function units(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(5, '0'));
}

/** Undefined where the order does not match. Any order may have no lines at all. */
function matchingLines({ match }: Condition, { restaurant, lines }: Order, names: Names): Line[] | undefined {
  if (match === undefined) {
    return lines;
  }
  if (match.restaurant_id !== undefined) {
    return isNamed('h_restaurant', match.restaurant_id, restaurant) ? lines : undefined;
  }
  const matching = lines.filter(
    ({ product, category }) =>
      isNamed('h_product', match.product_id, product) ||
      isNamed('h_category', match.category, category) ||
      textsOf(match.product_pattern).some((text) => names.get(product)!.includes(folded(text))),
  );
  return matching.length > 0 ? matching : undefined;
}

/** Times without trailing zeros compare as their texts do. */
function isInside(time: string, { last_days, from = '', to = '~' }: Condition, now: string): boolean {
  const since = last_days === undefined ? '' : movedBy(now, -last_days);
  return time > since && time >= from && time < to;
}

function isNamed(hub: string, named: string | string[] | undefined, key: string): boolean {
  return textsOf(named).some((text) => text === key || hashKey(hub, text) === key);
}

function textsOf(texts: string | string[] = []): string[] {
  return typeof texts === 'string' ? [texts] : texts;
}

/** Conditions in the order in which they are written. */
function listed(conditions: Rule['conditions'] | Condition): Condition[] {
  const members =
    'all_of' in conditions ? conditions.all_of : 'any_of' in conditions ? conditions.any_of : [];
  return 'count' in conditions ? [conditions] : members.flatMap(listed);
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/ё/g, 'е');
}

/** A time so many days later. */
function movedBy(time: string, days: number): string {
  const [whole = '', fraction] = time.split('.');
  const moved = new Date(Date.parse(`${whole.replace(' ', 'T')}Z`) + days * 86_400_000);
  const text = moved.toISOString().slice(0, 19).replace('T', ' ');
  return fraction === undefined ? text : `${text}.${fraction}`;
}
