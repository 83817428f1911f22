import { marts, datedProductNames, datedRestaurantName, type DatedName } from './marts';
import type { Row } from './rows';
import type { Version } from './staging';

/** Figures of `report` at a moment. */
export interface FiguresAt {
  categories: Row[];
  dishes: Row[];
  days: Row[];
}

/**
 * What the functions `report.*_at` answer, from the versions that were known then.
 * @param trueAt a time of the source with six fraction digits: what is of later is left out
 */
export function figuresAt(known: Required<Version>[], trueAt: string): FiguresAt {
  const tables = marts(known.filter(({ order }) => updateTs(order.version) <= trueAt));
  const dishes = namesAt(known.flatMap(datedProductNames), trueAt);
  const restaurants = namesAt(known.map(datedRestaurantName), trueAt);
  return {
    categories: tables['cdm.category_popularity']!,
    dishes: tables['cdm.product_popularity']!.map((row) => ({
      ...row,
      product_name: dishes.get(row.product_id as string)!,
    })),
    days: tables['cdm.daily_sales']!.map((row) => ({
      ...row,
      restaurant_name: restaurants.get(row.restaurant_id as string)!,
    })),
  };
}

/** The time of the source that an order version begins with. */
export function updateTs(version: string): string {
  return version.split('|', 1)[0]!;
}

/** The newest name of then; where all are of later, the first one. Of several of one time the greater. */
export function namesAt(given: DatedName[], trueAt: string): Map<string, string> {
  const names = new Map<string, DatedName>();
  for (const one of given) {
    const other = names.get(one.id);
    if (!other || isRather(one, other, trueAt)) {
      names.set(one.id, one);
    }
  }
  return new Map(Array.from(names, ([id, { name }]) => [id, name]));
}

function isRather(one: DatedName, other: DatedName, trueAt: string): boolean {
  if (one.validFrom === other.validFrom) {
    return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)) > 0;
  }
  const isNewer = one.validFrom > other.validFrom;
  const earlier = isNewer ? other : one;
  const later = isNewer ? one : other;
  return (later.validFrom <= trueAt ? later : earlier) === one;
}
