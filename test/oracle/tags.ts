import { hashKey } from './hash-key';
import type { Row, Tables } from './rows';

/** A row of cdm.tag_rules. */
export interface Rule {
  id: string;
  tag: string;
  category: string | null;
  product_id: string | null;
  product_pattern: string | null;
  restaurant_id: string | null;
  min_orders: number;
  window_days: number | null;
  enabled: boolean;
}

/**
 * What tags are held, and what they are decided by, when all is evaluated.
 * @param marts the tables of the marts
 * @param now the present at the source, as `2024-03-01 12:00:00`
 */
export function tagTables(marts: Tables, rules: Rule[], now: string): Tables {
  const held = new Map<string, Row>();
  const counts: Row[] = [];
  const dishes: Row[] = [];
  for (const rule of rules.filter(({ enabled }) => enabled)) {
    const named = (marts['cdm.product_names'] ?? []).filter(
      ({ product_name }) =>
        rule.product_pattern !== null && folded(product_name).includes(folded(rule.product_pattern)),
    );
    dishes.push(...named.map(({ product_id }) => ({ rule_id: rule.id, product_id: product_id! })));
    const ordered = ordersByUser(marts, rule, new Set(named.map(({ product_id }) => product_id)), now);
    for (const [user, times] of ordered) {
      const suffices = times.length >= rule.min_orders;
      if (suffices) {
        held.set(`${user} ${rule.tag}`, { user_id: user, tag: rule.tag });
      }
      if (rule.window_days === null) {
        counts.push({ user_id: user, rule_id: rule.id, order_cnt: String(times.length), until: null });
      } else if (suffices) {
        counts.push({ user_id: user, rule_id: rule.id, order_cnt: null, until: 'some time' });
      }
    }
  }
  return {
    'cdm.user_tags': [...held.values()],
    'cdm.tag_rule_counts': counts,
    'cdm.tag_rule_products': dishes,
  };
}

/** When each user placed the CLOSED orders that the rule counts. */
function ordersByUser(
  marts: Tables,
  rule: Rule,
  named: Set<Row[string] | undefined>,
  now: string,
): Map<string, string[]> {
  const since = rule.window_days === null ? '' : movedBy(now, -rule.window_days);
  const times = new Map<string, string[]>();
  for (const { user_id, restaurant_id, status, order_dt, products } of marts['cdm.order_versions'] ?? []) {
    const lines = String(products)
      .split(', ')
      .map((pair) => pair.split(' '));
    const counts =
      lines.some(([product, category]) =>
        rule.product_pattern === null
          ? isNamed('h_product', rule.product_id, product) || isNamed('h_category', rule.category, category)
          : named.has(product),
      ) || isNamed('h_restaurant', rule.restaurant_id, String(restaurant_id));
    // Times without trailing zeros compare as their texts do.
    if (counts && status === 'CLOSED' && String(order_dt) > since) {
      times.set(String(user_id), [...(times.get(String(user_id)) ?? []), String(order_dt)]);
    }
  }
  return times;
}

function isNamed(hub: string, named: string | null, key: string | undefined): boolean {
  return named !== null && (named === key || hashKey(hub, named) === key);
}

function folded(name: Row[string] | undefined): string {
  return String(name).normalize('NFC').toLowerCase().replace(/ё/g, 'е');
}

/** A time so many days later. */
function movedBy(time: string, days: number): string {
  const [whole = '', fraction] = time.split('.');
  const moved = new Date(Date.parse(`${whole.replace(' ', 'T')}Z`) + days * 86_400_000);
  const text = moved.toISOString().slice(0, 19).replace('T', ' ');
  return fraction === undefined ? text : `${text}.${fraction}`;
}
