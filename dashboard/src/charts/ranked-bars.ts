import type { Drawing, Scene } from '../scene/chart';
import { tooltip, type TooltipLine } from './tooltip';
import { baseOption } from './base-option';

export interface Bar {
  id: string;
  name: string;
  value: number;
  /** Behind the bar's end. */
  label: string;
  tooltip: TooltipLine[];
}

export interface Bars {
  title: string;
  bars: Bar[];
  color: string;
  /** Says below a tooltip where a click leads. */
  note: string;
}

const ROW = 38;
const THICKNESS = 9;
const NAMED = 3;

/** Bars under each other, the largest on top, each under its name: so long names fit, on a phone too. */
export function rankedBars({ title, bars, color, note }: Bars, scene: Scene, width: number): Drawing {
  const { t, look } = scene;
  const byId = new Map(bars.map((bar) => [bar.id, bar]));
  const spoken = t.chartOf(
    title,
    bars
      .slice(0, NAMED)
      .map(({ name, label }) => `${name}: ${label}`)
      .join(', '),
  );
  return {
    height: Math.max(bars.length, NAMED) * ROW + 4,
    spoken,
    along: { axis: 'y', ids: bars.map(({ id }) => id) },
    option: {
      ...baseOption(scene, spoken, {
        trigger: 'axis',
        axisPointer: { type: 'none' },
        formatter: ([{ name }]: [{ name: string }]) => {
          const bar = byId.get(name);
          return bar ? tooltip(bar.name, bar.tooltip, note) : '';
        },
      }),
      grid: { left: 0, right: widestLabel(bars) + 12, top: 6, bottom: 0, outerBoundsMode: 'none' },
      xAxis: { type: 'value', show: false, min: 0, max: 'dataMax' },
      yAxis: {
        ...nameAxis,
        data: rowsOf(bars),
        axisLabel: nameLabel(scene, width, (id) => byId.get(id)?.name),
      },
      series: {
        id: 'bars',
        type: 'bar',
        barWidth: THICKNESS,
        barMinHeight: 2,
        itemStyle: { color, borderRadius: 3 },
        label: {
          show: true,
          position: 'right',
          distance: 6,
          color: look.ink,
          fontWeight: 600,
          formatter: ({ name }: { name: string }) => byId.get(name)?.label ?? '',
        },
        data: bars.map(({ id, value }) => ({ name: id, value })),
      },
    },
  };
}

/** Few bars stay as thick as many. */
export function rowsOf(bars: { id: string }[]): string[] {
  const ids = bars.map(({ id }) => id);
  return [...ids, ...Array.from({ length: Math.max(0, NAMED - ids.length) }, (_, row) => ` ${row}`)];
}

export const nameAxis = {
  type: 'category',
  inverse: true,
  axisLine: { show: false },
  axisTick: { show: false },
};

/** The name of a bar, above it. Cut where it would not fit; the tooltip and the table have it whole. */
export function nameLabel(
  { look }: Scene,
  width: number,
  nameOf: (id: string) => string | undefined,
): object {
  return {
    inside: true,
    margin: 0,
    align: 'left',
    verticalAlign: 'bottom',
    padding: [0, 0, 11, 0],
    color: look.ink,
    interval: 0,
    width: width - 8,
    overflow: 'truncate',
    formatter: (id: string) => nameOf(id) ?? '',
  };
}

/** About; the labels are figures, whose digits are of one width. */
export function widestLabel(bars: { label: string }[]): number {
  return Math.max(0, ...bars.map(({ label }) => label.length)) * 7.5;
}
