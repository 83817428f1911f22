import type { Random } from '../../../dev/orders/random';
import type { Condition, Rule } from '../../oracle/tags';
import { dishesOf } from './put-rules';

/** What conditions can name. */
export interface Things {
  restaurants: string[];
  products: string[];
  categories: string[];
  /** Parts of names of dishes. */
  patterns: string[];
}

/** What is on the menus of a dictionary. */
export function thingsOf(dictionary: Record<string, string>): Things {
  const menus = Object.entries(dictionary)
    .map(([key, text]) => ({ key, dishes: dishesOf(text) }))
    .filter(({ dishes }) => dishes.length > 0);
  const dishes = menus.flatMap((menu) => menu.dishes);
  return {
    restaurants: menus.map(({ key }) => key),
    products: dishes.map(({ id }) => id),
    categories: [...new Set(dishes.map(({ category }) => category))],
    patterns: dishes
      .map(({ name }) => [...name].slice(0, 3).join('').toUpperCase())
      .filter((text) => text.trim() !== ''),
  };
}

/** Conditions of every kind, with numbers that some guests reach. */
export function randomConditions(random: Random, things: Things): Rule['conditions'] {
  const members = Array.from({ length: random.integer(1, 4) }, () =>
    random.chance(0.25)
      ? joined(
          random,
          Array.from({ length: random.integer(1, 3) }, () => randomCondition(random, things)),
        )
      : randomCondition(random, things),
  );
  return joined(random, members);
}

function joined<Member>(random: Random, members: Member[]): { all_of: Member[] } | { any_of: Member[] } {
  return random.chance(0.6) ? { all_of: members } : { any_of: members };
}

function randomCondition(random: Random, things: Things): Condition {
  const not = random.chance(0.25) ? { not: true } : {};
  const kind = random.integer(1, 10);
  if (kind === 1) {
    return { ...not, count: 'first_order', ...randomPeriod(random) };
  }
  const match = randomMatch(random, things);
  if (kind === 2) {
    return { ...not, count: 'days_since_last_order', match, ...numbers(random, 1, 800) };
  }
  const [count, most] =
    kind <= 6 ? (['orders', 5] as const) : kind <= 8 ? (['items', 12] as const) : (['money', 4_000] as const);
  const period = random.chance(0.5) ? randomPeriod(random) : {};
  return { ...not, count, match, ...numbers(random, 1, most), ...period };
}

function numbers(random: Random, least: number, most: number): Pick<Condition, 'at_least' | 'at_most'> {
  const [one, other] = [random.integer(least, most), random.integer(least, most)];
  const kind = random.integer(1, 4);
  if (kind === 1) {
    return { at_least: Math.min(one, other), at_most: Math.max(one, other) };
  }
  return kind === 2 ? { at_most: random.chance(0.3) ? 0 : one } : { at_least: one };
}

/** Random histories are of these years. */
function randomPeriod(random: Random): Pick<Condition, 'last_days' | 'from' | 'to'> {
  const day = (year: number) =>
    `${year}-${String(random.integer(1, 12)).padStart(2, '0')}-${String(random.integer(1, 28)).padStart(2, '0')}`;
  const kind = random.integer(1, 4);
  if (kind === 1) {
    return { last_days: random.pick([1, 30, 400, 1_000, 2_000, 36_500]) };
  }
  const [from, to] = [day(random.integer(2021, 2023)), day(random.integer(2024, 2026))];
  return kind === 2 ? { from } : kind === 3 ? { to } : { from, to };
}

function randomMatch(random: Random, things: Things): Condition['match'] {
  const names = {
    restaurant_id: things.restaurants,
    product_id: things.products,
    category: things.categories,
    product_pattern: things.patterns,
  };
  const [name, values] = random.pick(Object.entries(names));
  return random.chance(0.2)
    ? undefined
    : {
        [name]: random.chance(0.4)
          ? Array.from({ length: random.integer(1, 4) }, () => random.pick(values))
          : random.pick(values),
      };
}
