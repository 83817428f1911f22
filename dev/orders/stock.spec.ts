import { expect, it } from 'vitest';
import { DISH_CATEGORIES, KITCHENS, RESTAURANTS } from './stock';

it('knows the kitchen of each restaurant, and the categories of each kitchen', () => {
  const kitchens = new Set(RESTAURANTS.map(({ kitchen }) => kitchen));
  expect(kitchens).toEqual(new Set(Object.keys(KITCHENS)));
  const categories = new Set(Object.values(KITCHENS).flat());
  expect(categories).toEqual(new Set(Object.keys(DISH_CATEGORIES)));
});

it.each(Object.entries(DISH_CATEGORIES))(
  'has a range of prices for %s, in steps of 10 roubles',
  (_, { prices }) => {
    const [least, most] = prices;
    expect(prices).toHaveLength(2);
    expect(least).toBeLessThan(most);
    expect([least % 10, most % 10]).toEqual([0, 0]);
  },
);
