import type { Ring, View } from '../questions/address';
import type { Popular } from '../questions/answers';
import type { Chart } from '../scene/chart';
import { categoriesOf, ordersOf, type Category } from './category';
import { drawBars } from './category-bars';
import { drawRing } from './category-ring';

const MOST_CATEGORIES = 1_000;

/** Popularity of categories, by share of users or of orders: bars, or a ring. */
export function categoryShares(by: Ring): Chart<Popular[], Category> {
  return {
    name: `categories-by-${by}`,
    span: 'half',
    title: (t) => t.categoriesBy[by],
    note: (t, view) => (isRing(view, by) ? t.ringNote[by] : t.barsNote[by]),
    path: (filters) => `api/popularity/categories?by=${by}&limit=${MOST_CATEGORIES}&${filters}`,
    rows: categoriesOf,
    columns: ({ t, format }) => [
      { name: t.category, value: ({ name }) => name },
      {
        name: t.counted[by],
        value: ({ value }) => value,
        write: format.count,
        opens: ({ id }) => ordersOf(id, by),
      },
      { name: t.shareOfAll[by], value: ({ share }) => share, write: format.share, kind: 'share' },
      { name: t.shareOfSum, value: ({ shareOfSum }) => shareOfSum, write: format.share, kind: 'share' },
    ],
    picks: 'category',
    ring: by,
    opens: ({ id }, answer) => (answer.some((one) => one.id === id) ? ordersOf(id, by) : undefined),
    draw: (answer, scene, _, view) =>
      (isRing(view, by) ? drawRing : drawBars)(categoriesOf(answer), scene, by),
  };
}

function isRing({ rings }: View, by: Ring): boolean {
  return rings?.includes(by) ?? false;
}
