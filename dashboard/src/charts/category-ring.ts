import type { Ring } from '../questions/address';
import type { Drawing, Scene } from '../scene/chart';
import { baseOption, FONT } from './base-option';
import type { Category } from './category';
import { foldRest, type Folded } from './fold-rest';
import { tooltip } from './tooltip';

/** What the part "other" is called among the ids. */
const REST = 'rest';
const NAMED = 3;
/** So many of the rest are in its tooltip. */
const NAMED_OF_REST = 8;
/** Degrees, of the top, and of a whole ring. */
const TOP = 90;
const WHOLE = 360;

/** A ring of the shares of the sum, which add up to a whole. The rest is the last part, and thin. */
export function drawRing(categories: Category[], scene: Scene, by: Ring): Drawing {
  const { t, format, look, colors } = scene;
  const folded = foldRest(categories, ({ value }) => value);
  const { parts, rest } = folded;
  const largest = parts.slice(0, NAMED).map(({ name, shareOfSum }) => `${name}: ${format.share(shareOfSum)}`);
  const spoken = t.chartOf(`${t.categoriesBy[by]}, ${t.sharesOfSum}`, largest.join(', '));
  return {
    height: 240,
    spoken,
    legend: [
      ...parts.map(({ id, name, value, shareOfSum }) => ({
        id,
        name,
        color: colors.of(id, look),
        figures: [format.count(value), format.share(shareOfSum)],
      })),
      // A guest or an order may be in several of them, so the sum of their counts says nothing.
      ...(rest.length > 0
        ? [
            {
              name: nameOfRest(rest, scene),
              color: look.rest,
              figures: ['', format.share(sumOf(rest))],
              detail: namesOf(rest),
            },
          ]
        : []),
    ],
    option: {
      ...baseOption(scene, spoken, { trigger: 'item', formatter: tooltipOf(folded, scene, by) }),
      series: seriesOf(folded, scene),
    },
  };
}

function seriesOf({ parts, rest }: Folded<Category>, scene: Scene): object[] {
  const { look, colors } = scene;
  const end = TOP - WHOLE * sumOf(parts);
  const ring = {
    type: 'pie',
    center: ['50%', '50%'],
    emphasis: { scaleSize: 4 },
    itemStyle: { borderColor: look.card, borderWidth: 2, borderRadius: 3 },
    label: { show: false },
  };
  const shown = {
    ...ring,
    id: 'categories',
    radius: ['56%', '94%'],
    startAngle: TOP,
    endAngle: rest.length > 0 ? end : 'auto',
    data: parts.map(({ id, value }, place) => ({
      name: id,
      value,
      itemStyle: { color: colors.of(id, look) },
      ...(place === 0 && { label: centre([...parts, ...rest], scene) }),
    })),
  };
  const other = {
    ...ring,
    id: REST,
    radius: ['71%', '79%'],
    startAngle: end,
    endAngle: TOP - WHOLE,
    data: [{ name: REST, value: 1, itemStyle: { color: look.rest } }],
  };
  return rest.length > 0 ? [shown, other] : [shown];
}

/** What the whole ring is. */
function centre(categories: Category[], { t, format, look }: Scene): object {
  const sum = categories.reduce((all, { value }) => all + value, 0);
  return {
    show: true,
    position: 'center',
    formatter: `{name|${t.sharesOfSum}}\n{sum|${format.count(sum)}}`,
    rich: {
      name: { color: look.faint, fontFamily: FONT, fontSize: 12, lineHeight: 18 },
      sum: { color: look.ink, fontFamily: FONT, fontSize: 16, fontWeight: 600, lineHeight: 22 },
    },
  };
}

/** What a part shows under the pointer: a category its figures, the rest the largest in it. */
function tooltipOf(
  { parts, rest }: Folded<Category>,
  scene: Scene,
  by: Ring,
): (part: { name: string; color: string }) => HTMLElement {
  const { t, format } = scene;
  const byId = new Map(parts.map((category) => [category.id, category]));
  return ({ name: id, color }) => {
    const category = byId.get(id);
    return category
      ? tooltip(
          category.name,
          [
            { name: t.shareOfSum, value: format.share(category.shareOfSum), color },
            { name: t.counted[by], value: format.count(category.value) },
            { name: t.shareOfAll[by], value: format.share(category.share) },
          ],
          t.clickForOrders,
        )
      : tooltip(nameOfRest(rest, scene), [
          { name: t.shareOfSum, value: format.share(sumOf(rest)), color },
          ...rest
            .slice(0, NAMED_OF_REST)
            .map(({ name, shareOfSum }) => ({ name, value: format.share(shareOfSum) })),
        ]);
  };
}

function sumOf(categories: Category[]): number {
  return categories.reduce((sum, { shareOfSum }) => sum + shareOfSum, 0);
}

function nameOfRest(rest: Category[], { t, format }: Scene): string {
  return t.other(format.count(rest.length));
}

function namesOf(categories: Category[]): string {
  return categories.map(({ name }) => name).join(', ');
}
