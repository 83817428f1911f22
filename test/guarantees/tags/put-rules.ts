import type { Pipeline } from '../../harness/pipeline';
import type { Condition, Rule } from '../../oracle/tags';

/** One condition that counts orders, in few words. */
interface Counting extends NonNullable<Condition['match']> {
  min_orders: number;
  window_days?: number;
}

export type NewRule = Pick<Rule, 'tag'> & Partial<Rule> & (Pick<Rule, 'conditions'> | Counting);

/** Adds rules as somebody would by hand. */
export async function putRules(pipeline: Pipeline, rules: NewRule[]): Promise<string[]> {
  const rows = await pipeline.database.rows<{ id: string }>(
    `INSERT INTO cdm.tag_rules (id, tag, conditions, enabled)
     SELECT coalesce(id, gen_random_uuid()), tag, conditions, coalesce(enabled, true)
     FROM jsonb_populate_recordset(NULL::cdm.tag_rules, $1) RETURNING id`,
    [JSON.stringify(rules.map((rule) => ({ ...rule, conditions: conditionsOf(rule) })))],
  );
  return rows.map(({ id }) => id);
}

function conditionsOf(rule: NewRule): Rule['conditions'] {
  if (rule.conditions) {
    return rule.conditions;
  }
  const { min_orders, window_days, category, product_id, product_pattern, restaurant_id } = rule as Counting;
  const match = { category, product_id, product_pattern, restaurant_id };
  return { all_of: [{ count: 'orders', match, at_least: min_orders, last_days: window_days }] };
}

/** Rules of every kind for the restaurants of a dictionary, by one of them and what is on its menu. */
export function rulesFor(dictionary: Record<string, string>): NewRule[] {
  const [restaurant, menu] = Object.entries(dictionary)
    .map(([key, text]) => [key, dishesOf(text)] as const)
    .find(([, dishes]) => dishes.length > 1)!;
  const [dish, other] = menu as [Dish, Dish];
  return [
    { tag: 'regular', restaurant_id: restaurant, min_orders: 3 },
    { tag: 'of the category', category: dish.category, min_orders: 2 },
    { tag: 'once', product_id: dish.id, min_orders: 1 },
    { tag: 'lover', product_pattern: other.name.slice(0, 4).toUpperCase(), min_orders: 2 },
    { tag: 'lover', product_pattern: dish.name.slice(1, 5).toLowerCase(), min_orders: 3 },
    { tag: 'of this century', category: other.category, min_orders: 2, window_days: 36_500 },
    { tag: 'of today', restaurant_id: restaurant, min_orders: 1, window_days: 1 },
    { tag: 'never', restaurant_id: restaurant, min_orders: 1, enabled: false },
    {
      tag: 'lapsed',
      conditions: {
        all_of: [
          { count: 'orders', match: { category: dish.category }, at_least: 2 },
          {
            not: true,
            count: 'orders',
            match: { product_pattern: [dish.name, other.name] },
            at_least: 1,
            last_days: 36_500,
          },
        ],
      },
    },
    {
      tag: 'of value',
      conditions: {
        any_of: [
          { count: 'money', at_least: 1_500.5 },
          {
            all_of: [
              { count: 'items', match: { product_id: [dish.id, other.id] }, at_most: 3 },
              { count: 'orders', at_least: 1, from: '2020-01-01' },
            ],
          },
        ],
      },
    },
    {
      tag: 'long ago',
      conditions: {
        all_of: [{ count: 'days_since_last_order', match: { restaurant_id: restaurant }, at_least: 400 }],
      },
    },
    { tag: 'newcomer', conditions: { any_of: [{ count: 'first_order', from: '2023-01-01' }] } },
    {
      tag: 'without',
      conditions: { all_of: [{ count: 'orders', match: { restaurant_id: restaurant }, at_most: 0 }] },
    },
  ];
}

interface Dish {
  id: string;
  name: string;
  category: string;
}

/** None where the entry is a user's. */
export function dishesOf(entry: string): Dish[] {
  const { menu = [] } = JSON.parse(entry) as { menu?: { _id: string; name: string; category: string }[] };
  return menu.map(({ _id: id, name, category }) => ({ id, name, category })).filter(({ id }) => id !== '');
}
