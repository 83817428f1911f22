import type { View } from '../questions/address';
import type { Popular } from '../questions/answers';
import type { Chart, Drawing, Scene } from '../scene/chart';
import { foldRest } from './fold-rest';
import { tooltip } from './tooltip';
import { baseOption, FONT } from './base-option';

const MOST_CATEGORIES = 1_000;
/** What the part "other" is called among the ids. */
const REST = 'rest';
const NAMED = 3;

/** Popularity of categories, by share of users or of orders: a ring, its parts folded to eight. */
export function categoryPie(by: 'users' | 'orders'): Chart<Popular[], Popular> {
  return {
    name: `categories-by-${by}`,
    span: 'half',
    title: (t) => (by === 'users' ? t.categoriesByUsers : t.categoriesByOrders),
    note: (t) => (by === 'users' ? t.categoriesByUsersNote : t.categoriesByOrdersNote),
    path: (filters) => `api/popularity/categories?by=${by}&limit=${MOST_CATEGORIES}&${filters}`,
    rows: (answer) => answer,
    columns: ({ t, format }) => [
      { name: t.category, value: ({ name }) => name },
      {
        name: by === 'users' ? t.guests : t.orders,
        value: ({ value }) => value,
        write: format.count,
        opens: ({ id }) => behind(id, by),
      },
      {
        name: by === 'users' ? t.shareOfGuests : t.shareOfOrders,
        value: ({ share }) => share,
        write: format.share,
        kind: 'share',
      },
    ],
    picks: 'category',
    opens: ({ id }, answer) => (answer.some((one) => one.id === id) ? behind(id, by) : undefined),
    draw: (answer, scene) => draw(answer, scene, by),
  };
}

function behind(category: string, by: 'users' | 'orders'): Partial<View> {
  return { page: 'orders', category, status: 'CLOSED', of: by === 'users' ? 'guests' : undefined };
}

function draw(categories: Popular[], scene: Scene, by: 'users' | 'orders'): Drawing {
  const { t, format, look, colors } = scene;
  const { parts, rest } = foldRest(categories);
  const spoken = t.chartOf(
    by === 'users' ? t.categoriesByUsers : t.categoriesByOrders,
    parts
      .slice(0, NAMED)
      .map(({ name, share }) => `${name}: ${format.share(share)}`)
      .join(', '),
  );
  return {
    height: 240,
    spoken,
    legend: [
      ...parts.map(({ id, name, value, share }) => ({
        id,
        name,
        color: colors.of(id, look),
        figures: [format.count(value), format.share(share)],
      })),
      // An order may have several of them, so their sum says nothing.
      ...(rest.length
        ? [{ name: nameOfRest(rest, scene), color: look.rest, figures: [], detail: namesOf(rest) }]
        : []),
    ],
    option: {
      ...baseOption(scene, spoken, { trigger: 'item', formatter: tooltipOf(categories, rest, scene, by) }),
      series: {
        id: 'categories',
        type: 'pie',
        radius: ['56%', '94%'],
        center: ['50%', '50%'],
        startAngle: 90,
        label: { show: false, fontFamily: FONT },
        emphasis: { scaleSize: 4 },
        itemStyle: { borderColor: look.card, borderWidth: 2, borderRadius: 3 },
        data: sectors(parts, rest, scene),
      },
    },
  };
}

/** What a part shows under the pointer: a category its figures, the rest what is in it. */
function tooltipOf(
  categories: Popular[],
  rest: Popular[],
  scene: Scene,
  by: 'users' | 'orders',
): (part: { name: string; color: string }) => HTMLElement {
  const { t, format, look, colors } = scene;
  const byId = new Map(categories.map((category) => [category.id, category]));
  return ({ name: id, color }) => {
    const category = byId.get(id);
    return category
      ? tooltip(
          category.name,
          [
            { name: by === 'users' ? t.guests : t.orders, value: format.count(category.value), color },
            {
              name: by === 'users' ? t.shareOfGuests : t.shareOfOrders,
              value: format.share(category.share),
            },
          ],
          t.clickForOrders,
        )
      : tooltip(
          nameOfRest(rest, scene),
          rest.map(({ id: part, name, share }) => ({
            name,
            value: format.share(share),
            color: colors.of(part, look),
          })),
        );
  };
}

function sectors(parts: Popular[], rest: Popular[], { look, colors }: Scene): object[] {
  const shown = parts.map(({ id, value }) => ({
    name: id,
    value,
    itemStyle: { color: colors.of(id, look) },
  }));
  const other = {
    name: REST,
    value: rest.reduce((sum, { value }) => sum + value, 0),
    itemStyle: { color: look.rest },
  };
  return rest.length > 0 ? [...shown, other] : shown;
}

function nameOfRest(rest: Popular[], { t, format }: Scene): string {
  return t.other(format.count(rest.length));
}

function namesOf(categories: Popular[]): string {
  return categories.map(({ name }) => name).join(', ');
}
