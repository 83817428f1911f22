import type { View } from '../questions/address';
import type { PopularRestaurant } from '../questions/answers';
import type { Chart, Drawing, Scene } from '../scene/chart';
import { foldRest } from './fold-rest';
import { tooltip } from './tooltip';
import { baseOption } from './base-option';
import { nameAxis, nameLabel, rowsOf, widestLabel } from './ranked-bars';

/** What the note says, too. */
const MOST_RESTAURANTS = 12;
const ROW = 44;
const THICKNESS = 12;
const REST = 'rest';

interface Row {
  restaurantId: string;
  categoryId: string;
  restaurant: string;
  orders: number;
  category: string;
  ordersOfCategory: number;
}

/** Restaurants by orders, each bar divided into the categories that were ordered there. */
export const restaurantBars: Chart<PopularRestaurant[], Row> = {
  name: 'restaurants',
  span: 'most',
  title: (t) => t.restaurants,
  note: (t) => t.restaurantsNote,
  path: (filters) => `api/popularity/restaurants?limit=${MOST_RESTAURANTS}&${filters}`,
  rows: (restaurants) =>
    restaurants.flatMap(({ id, name, value, categories }) =>
      categories.map((category) => ({
        restaurantId: id,
        categoryId: category.id,
        restaurant: name,
        orders: value,
        category: category.name,
        ordersOfCategory: category.value,
      })),
    ),
  columns: ({ t, format }) => [
    { name: t.restaurant, value: ({ restaurant }) => restaurant },
    {
      name: t.orders,
      value: ({ orders }) => orders,
      write: format.count,
      opens: ({ restaurantId }) => behind(restaurantId),
    },
    { name: t.category, value: ({ category }) => category },
    {
      name: t.ordersOfCategory,
      value: ({ ordersOfCategory }) => ordersOfCategory,
      write: format.count,
      opens: ({ restaurantId, categoryId }) => behind(restaurantId, categoryId),
    },
  ],
  opens: ({ id, series }, answer) => {
    const restaurant = answer.find((one) => one.id === id);
    // The rest is of several categories, so all orders of the restaurant are behind it.
    const category = restaurant?.categories.find((one) => one.id === series);
    return restaurant && behind(id, category?.id);
  },
  draw,
};

/** @param category undefined leaves the one of the filters */
function behind(restaurant: string, category?: string): Partial<View> {
  return { page: 'orders', restaurant, status: 'CLOSED', ...(category && { category }) };
}

function draw(restaurants: PopularRestaurant[], scene: Scene, width: number): Drawing {
  const { t, format } = scene;
  const parts = partsOf(restaurants, scene);
  const spoken = t.chartOf(
    t.restaurants,
    restaurants
      .slice(0, 3)
      .map(({ name, value }) => `${name}: ${format.count(value)}`)
      .join(', '),
  );
  return {
    height: Math.max(restaurants.length, 3) * ROW + 4,
    spoken,
    along: { axis: 'y', ids: restaurants.map(({ id }) => id) },
    legend: parts.map(({ name, color, detail }) => ({ name, color, figures: [], detail })),
    option: optionOf(restaurants, parts, spoken, scene, width),
  };
}

/** A category, or the rest of them, as each bar shows it. */
interface Part {
  id: string;
  name: string;
  color: string;
  /** The names of the rest. */
  detail?: string;
  categoryIds: Set<string>;
}

function partsOf(restaurants: PopularRestaurant[], { t, format, look, colors }: Scene): Part[] {
  const { parts, rest } = foldRest(categoriesOf(restaurants), ({ orders }) => orders);
  const shown = parts.map(({ id, name }): Part => {
    return { id, name, color: colors.of(id, look), categoryIds: new Set([id]) };
  });
  if (rest.length === 0) {
    return shown;
  }
  const other: Part = {
    id: REST,
    name: t.other(format.count(rest.length)),
    color: look.rest,
    detail: rest.map(({ name }) => name).join(', '),
    categoryIds: new Set(rest.map(({ id }) => id)),
  };
  return [...shown, other];
}

function optionOf(
  restaurants: PopularRestaurant[],
  parts: Part[],
  spoken: string,
  scene: Scene,
  width: number,
): Drawing['option'] {
  const { t, format, look } = scene;
  const byId = new Map(restaurants.map((restaurant) => [restaurant.id, restaurant]));
  const labelOf = (id: string) => (byId.has(id) ? format.count(byId.get(id)!.value) : '');
  const labels = restaurants.map(({ id }) => ({ label: labelOf(id) }));
  const colorOf = (id: string) => parts.find(({ categoryIds }) => categoryIds.has(id))?.color;
  return {
    ...baseOption(scene, spoken, {
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: ([{ name: id }]: [{ name: string }]) => {
        const restaurant = byId.get(id);
        return restaurant
          ? tooltip(
              restaurant.name,
              [
                { name: t.closedOrders, value: format.count(restaurant.value) },
                { name: t.shareOfAll.orders, value: format.share(restaurant.share) },
                ...restaurant.categories.map((category) => ({
                  name: category.name,
                  value: format.count(category.value),
                  color: colorOf(category.id),
                })),
              ],
              t.clickForOrders,
            )
          : '';
      },
    }),
    grid: { left: 0, right: widestLabel(labels) + 12, top: 6, bottom: 0, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: 0, max: 'dataMax' },
    yAxis: {
      ...nameAxis,
      data: rowsOf(restaurants),
      axisLabel: { ...nameLabel(scene, width, (id) => byId.get(id)?.name), padding: [0, 0, 13, 0] },
    },
    series: parts.map((part, place) => ({
      id: part.id,
      type: 'bar',
      stack: 'orders',
      barWidth: THICKNESS,
      itemStyle: { color: part.color, borderColor: look.card, borderWidth: 1 },
      label: {
        show: place === parts.length - 1,
        position: 'right',
        distance: 6,
        color: look.ink,
        fontWeight: 600,
        formatter: ({ name }: { name: string }) => labelOf(name),
      },
      data: restaurants.map((restaurant) => ({ name: restaurant.id, value: lengthOf(restaurant, part) })),
    })),
  };
}

/** The bar is as long as the orders; a part has its share of the sum, in which an order counts in each category. */
function lengthOf({ value, categories }: PopularRestaurant, { categoryIds }: Part): number {
  return (value * sumOf(categories.filter(({ id }) => categoryIds.has(id)))) / sumOf(categories);
}

function sumOf(categories: { value: number }[]): number {
  return categories.reduce((sum, { value }) => sum + value, 0);
}

/** All categories of these restaurants, the largest first. */
function categoriesOf(restaurants: PopularRestaurant[]): { id: string; name: string; orders: number }[] {
  const found = new Map<string, { id: string; name: string; orders: number }>();
  for (const { id, name, value } of restaurants.flatMap(({ categories }) => categories)) {
    const category = found.get(id) ?? { id, name, orders: 0 };
    category.orders += value;
    found.set(id, category);
  }
  return [...found.values()].sort((one, other) => other.orders - one.orders || (one.id < other.id ? -1 : 1));
}
