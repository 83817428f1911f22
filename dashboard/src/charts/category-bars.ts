import type { Ring } from '../questions/address';
import type { Drawing, Scene } from '../scene/chart';
import { ordersOf, type Category } from './category';

/** More are one line, and in the table. */
const MOST_BARS = 10;

/** A bar for each category, as long as its share of all guests or orders. What they share is in the bar of each. */
export function drawBars(categories: Category[], scene: Scene, by: Ring): Drawing {
  const { t, format, look, colors } = scene;
  const shown = categories.length > MOST_BARS ? categories.slice(0, MOST_BARS - 1) : categories;
  const rest = categories.slice(shown.length);
  const bars = shown.map(({ id, name, value, share }) => ({
    id,
    name,
    color: colors.of(id, look),
    figures: [format.count(value), format.share(share)],
    length: value / categories[0]!.value,
    opens: ordersOf(id, by),
  }));
  const other = {
    name: t.other(format.count(rest.length)),
    color: look.rest,
    figures: [],
    detail: rest.map(({ name }) => name).join(', '),
  };
  return { legend: rest.length > 0 ? [...bars, other] : bars };
}
