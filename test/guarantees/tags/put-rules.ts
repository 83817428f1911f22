import type { Pipeline } from '../../harness/pipeline';
import type { Rule } from '../../oracle/tags';

export type NewRule = Pick<Rule, 'tag' | 'min_orders'> & Partial<Rule>;

/** Adds rules as somebody would by hand. */
export async function putRules(pipeline: Pipeline, rules: NewRule[]): Promise<string[]> {
  const rows = await pipeline.database.rows<{ id: string }>(
    `INSERT INTO cdm.tag_rules (id, tag, category, product_id, product_pattern, restaurant_id, min_orders, window_days, enabled)
     SELECT coalesce(id, gen_random_uuid()), tag, category, product_id, product_pattern, restaurant_id, min_orders, window_days, coalesce(enabled, true)
     FROM jsonb_populate_recordset(NULL::cdm.tag_rules, $1) RETURNING id`,
    [JSON.stringify(rules)],
  );
  return rows.map(({ id }) => id);
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
  ];
}

interface Dish {
  id: string;
  name: string;
  category: string;
}

/** None where the entry is a user's. */
function dishesOf(entry: string): Dish[] {
  const { menu = [] } = JSON.parse(entry) as { menu?: { _id: string; name: string; category: string }[] };
  return menu.map(({ _id: id, name, category }) => ({ id, name, category })).filter(({ id }) => id !== '');
}
