export type Language = 'ru' | 'en';
export type Said = Record<Language, string>;

export interface ChartColumn {
  /** SQL over the columns of the view. */
  expression: string;
  title: Said;
  type: 'text' | 'integer' | 'numeric';
}

/** A chart over a view of `report`, for every tool. */
export interface Chart {
  /** Stays: identities in the tools follow from it. */
  name: string;
  /** Of a pie and of bars: by the first column, the second. */
  kind: 'pie' | 'bar' | 'table';
  title: Said;
  view: string;
  columns: ChartColumn[];
  /** What follows FROM. */
  clauses: string;
}

export const dashboardTitle: Said = { ru: 'Заказы и гости', en: 'Orders and guests' };

const text = (expression: string, ru: string, en: string): ChartColumn => ({
  expression,
  title: { ru, en },
  type: 'text',
});
const number = (expression: string, ru: string, en: string, type: ChartColumn['type'] = 'integer') => ({
  expression,
  title: { ru, en },
  type,
});

/** Different things may have one name; then each is shown with the beginning of its key. */
const distinct = (name: string, key: string) =>
  `${name} || CASE WHEN count(*) OVER (PARTITION BY ${name}) > 1 THEN ' #' || left(${key}::text, 4) ELSE '' END`;

const category = text('category', 'Категория', 'Category');
const dish = text(distinct('dish', 'dish_id'), 'Блюдо', 'Dish');
const restaurant = text(distinct('restaurant', 'restaurant_id'), 'Ресторан', 'Restaurant');
const users = number('users', 'Гости', 'Guests');
const orders = number('orders', 'Заказы', 'Orders');

/** How many months a row of the cohorts shows. */
const MONTHS = 6;

export const charts: Chart[] = [
  {
    name: 'categories_by_users',
    kind: 'pie',
    title: {
      ru: 'Популярность категорий по гостям (доли от суммы)',
      en: 'Popularity of categories by guests (shares of the sum)',
    },
    view: 'report.category_popularity',
    columns: [category, users],
    clauses: 'ORDER BY users DESC, category',
  },
  {
    name: 'categories_by_orders',
    kind: 'pie',
    title: {
      ru: 'Популярность категорий по заказам (доли от суммы)',
      en: 'Popularity of categories by orders (shares of the sum)',
    },
    view: 'report.category_popularity',
    columns: [category, orders],
    clauses: 'ORDER BY orders DESC, category',
  },
  {
    name: 'dishes_by_users',
    kind: 'bar',
    title: { ru: 'Популярность блюд по гостям', en: 'Popularity of dishes by guests' },
    view: 'report.dish_popularity',
    columns: [dish, users],
    clauses: 'ORDER BY users DESC, dish, dish_id LIMIT 20',
  },
  {
    name: 'dishes_by_orders',
    kind: 'bar',
    title: { ru: 'Популярность блюд по заказам', en: 'Popularity of dishes by orders' },
    view: 'report.dish_popularity',
    columns: [dish, orders],
    clauses: 'ORDER BY orders DESC, dish, dish_id LIMIT 20',
  },
  {
    name: 'guest_cohorts',
    kind: 'table',
    title: {
      ru: 'Повторные заказы: сколько процентов гостей заказали спустя 1, 2 … месяцев после первого месяца',
      en: 'Repeat orders: per cent of guests who ordered 1, 2 … months after their first month',
    },
    view: 'report.guest_cohorts',
    columns: [
      text(`to_char(cohort, 'YYYY-MM')`, 'Месяц первого заказа', 'Month of the first order'),
      number('max(cohort_users)', 'Гости', 'Guests'),
      ...Array.from({ length: MONTHS }, (_, place) =>
        number(
          `round(100 * max(share_of_users) FILTER (WHERE months_later = ${place + 1}), 1)`,
          `Спустя ${place + 1} мес`,
          `Month ${place + 1}`,
          'numeric',
        ),
      ),
    ],
    clauses: 'GROUP BY cohort ORDER BY cohort DESC LIMIT 24',
  },
  {
    name: 'dish_pairs',
    kind: 'table',
    title: { ru: 'Корзины: какие блюда берут вместе', en: 'Baskets: which dishes go together' },
    view: 'report.dish_pairs',
    columns: [
      text('dish', 'Блюдо', 'Dish'),
      text('other_dish', 'Вместе с', 'Together with'),
      orders,
      number('lift', 'Во сколько раз чаще случайного', 'Times as often as by chance', 'numeric'),
    ],
    clauses: 'ORDER BY orders DESC, dish, other_dish, dish_id, other_dish_id LIMIT 20',
  },
  {
    name: 'revenue_by_restaurant',
    kind: 'bar',
    title: { ru: 'Выручка ресторанов', en: 'Revenue of restaurants' },
    view: 'report.restaurant_popularity',
    columns: [restaurant, number('revenue', 'Выручка', 'Revenue', 'numeric')],
    clauses: 'ORDER BY revenue DESC, restaurant, restaurant_id LIMIT 20',
  },
];

/** The SQL of a chart, with columns that have the names that people see. */
export function sqlOf({ columns, view, clauses }: Chart, language: Language): string {
  const selected = columns.map(({ expression, title }) => `  ${expression} AS "${title[language]}"`);
  return `SELECT\n${selected.join(',\n')}\nFROM ${view}\n${clauses}`;
}
