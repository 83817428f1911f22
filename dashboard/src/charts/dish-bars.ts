import type { View } from '../questions/address';
import type { Popular } from '../questions/answers';
import type { Chart } from '../scene/chart';
import { rankedBars } from './ranked-bars';

/** What the titles say, too. */
const MOST_DISHES = 15;

/** Popularity of dishes, by unique users or by orders. */
export function dishBars(by: 'users' | 'orders'): Chart<Popular[], Popular> {
  return {
    name: `dishes-by-${by}`,
    span: 'half',
    title: (t) => (by === 'users' ? t.dishesByUsers : t.dishesByOrders),
    note: (t) => (by === 'users' ? t.dishesByUsersNote : t.dishesByOrdersNote),
    path: (filters) => `api/popularity/products?by=${by}&limit=${MOST_DISHES}&${filters}`,
    rows: (answer) => answer,
    columns: ({ t, format }) => [
      { name: t.dish, value: ({ name }) => name },
      {
        name: t.counted[by],
        value: ({ value }) => value,
        write: format.count,
        opens: ({ id }) => behind(id, by),
      },
      {
        name: t.shareOfAll[by],
        value: ({ share }) => share,
        write: format.share,
        kind: 'share',
      },
    ],
    opens: ({ id }) => behind(id, by),
    draw: (dishes, scene, width) => {
      const { t, format, look } = scene;
      const color = by === 'users' ? look.users : look.orders;
      const bars = dishes.map(({ id, name, value, share }) => ({
        id,
        name,
        value,
        label: format.count(value),
        tooltip: [
          { name: t.counted[by], value: format.count(value), color },
          { name: t.shareOfAll[by], value: format.share(share) },
        ],
      }));
      const title = by === 'users' ? t.dishesByUsers : t.dishesByOrders;
      return rankedBars({ title, bars, color, note: t.clickForOrders }, scene, width);
    },
  };
}

function behind(product: string, by: 'users' | 'orders'): Partial<View> {
  return { page: 'orders', product, status: 'CLOSED', of: by === 'users' ? 'guests' : undefined };
}
