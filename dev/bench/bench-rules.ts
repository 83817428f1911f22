import type { Dictionary } from '../orders/dictionary';
import type { ActiveRule } from '../../apps/cdm/src/tags/active-rules';

export type Rule = Pick<ActiveRule, 'tag' | 'conditions'>;
type Condition = ActiveRule['list'][number]['condition'];
type Match = Condition['match'];

/**
 * Ten rules as marketing has them: favourites, of whom some are lapsed, regulars, newcomers. Each has three conditions
 * of several kinds; every order falls into the windows of a hundred years.
 */
export function tenRules({ restaurants }: Dictionary): Rule[] {
  const restaurant = restaurants.items[0]!;
  return [
    lapsed('lapsed soups', { category: 'Супы' }),
    lapsed('lapsed salads', { category: ['Салаты', 'Закуски'] }),
    lapsed('lapsed pizza', { product_pattern: 'ицца' }),
    fan('desserts', { category: 'Десерты' }),
    fan('drinks', { category: 'Напитки' }),
    fan('chicken', { product_pattern: 'уриц' }),
    ...regulars(restaurant.id, restaurant.dishes.items[0]!.id),
  ];
}

const orders = (match: Match, at_least: number): Condition => ({ count: 'orders', match, at_least });

function lapsed(tag: string, match: Match): Rule {
  const lately: Condition = { not: true, ...orders(match, 1), last_days: 30 };
  return { tag, conditions: { all_of: [orders(match, 10), lately, { count: 'money', at_least: 3_000 }] } };
}

function fan(tag: string, match: Match): Rule {
  const much: Condition[] = [
    { count: 'items', match, at_least: 12 },
    { ...orders(match, 4), last_days: 36_500 },
  ];
  return { tag, conditions: { any_of: [orders(match, 10), { all_of: much }] } };
}

function regulars(restaurant_id: string, product_id: string): Rule[] {
  const bakery = { category: 'Выпечка' };
  return [
    rule('regular', orders({ restaurant_id }, 5), orders(undefined, 8), {
      not: true,
      count: 'money',
      match: { restaurant_id },
      at_least: 100_000,
    }),
    rule(
      'dish',
      orders({ product_id }, 3),
      { count: 'items', match: { product_id }, at_least: 5 },
      orders(undefined, 5),
    ),
    rule(
      'bakery',
      { ...orders(bakery, 5), last_days: 36_500 },
      { count: 'days_since_last_order', match: bakery, at_most: 36_499 },
      { not: true, ...orders({ category: 'Супы' }, 20) },
    ),
    rule(
      'newcomer',
      { count: 'first_order', from: '2020-01-01' },
      { count: 'orders', at_least: 2, at_most: 6 },
      { not: true, ...orders({ category: 'Напитки' }, 3) },
    ),
  ];
}

function rule(tag: string, ...conditions: Condition[]): Rule {
  return { tag, conditions: { all_of: conditions } };
}
