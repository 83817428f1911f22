import dishes from './dishes.json' with { type: 'json' };
import names from './names.json' with { type: 'json' };

export type DishCategoryName = keyof typeof dishes.categories;
export type Kitchen = keyof typeof dishes.kitchens;

/** What menus are made of: the dishes of a category and the range of their prices in roubles. */
interface DishCategory {
  prices: readonly [least: number, most: number];
  dishes: readonly string[];
}

export const DISH_CATEGORIES = dishes.categories as unknown as Readonly<
  Record<DishCategoryName, DishCategory>
>;

/** The categories of a kind of kitchen; what it is known for, and sells most of, comes first. */
export const KITCHENS = dishes.kitchens as Readonly<Record<Kitchen, readonly DishCategoryName[]>>;

export const RESTAURANTS = names.restaurants as readonly { name: string; kitchen: Kitchen }[];

/** Surnames are in the form for men; a patronymic becomes a man's with `-ич` and a woman's with `-на`. */
export const { maleNames, femaleNames, surnames, patronymics } = names;
