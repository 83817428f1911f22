import type { Step, View } from '../questions/address';
import type { TimelineStep } from '../questions/answers';
import type { Chart, Drawing, Scene, Selection } from '../scene/chart';
import { endOfStep, stepOf } from '../questions/period';
import { tooltip } from './tooltip';
import { baseOption } from './base-option';

const NARROW = 560;

/** Orders and money over time: two diagrams with one axis of time. */
export const salesTimeline: Chart<TimelineStep[], TimelineStep> = {
  name: 'timeline',
  span: 'full',
  title: (t) => t.timeline,
  note: (t) => t.timelineNote,
  path: (filters, view) => `api/timeline?step=${stepShown({ filters, view })}&${filters}`,
  // A period without orders is empty, not a line of zeros.
  rows: (answer) => (answer.some(({ orders }) => orders > 0) ? answer : []),
  columns: ({ t, format }, selection) => [
    // Not shortened: the table is what a reader calculates with.
    { name: t.begin, value: ({ start }) => start, kind: 'time' },
    {
      name: t.orders,
      value: ({ orders }) => orders,
      write: format.count,
      opens: ({ start }) => behind(start, selection),
    },
    {
      name: t.closedOrders,
      value: ({ closed_orders }) => closed_orders,
      write: format.count,
      opens: ({ start }) => ({ ...behind(start, selection), status: 'CLOSED' }),
    },
    {
      name: t.revenue,
      value: ({ revenue }) => revenue,
      write: format.bill,
      opens: ({ start }) => ({ ...behind(start, selection), status: 'CLOSED' }),
    },
  ],
  hasStep: true,
  opens: ({ id }, _, selection) => behind(id, selection),
  draw,
};

/** All orders of a step, as its bar counts them. */
function behind(start: string, selection: Selection): Partial<View> {
  return { page: 'orders', since: start, until: endOfStep(start, stepShown(selection)) };
}

function stepShown({ filters, view: { step } }: Selection): Step {
  return step ?? stepOf({ from: filters.get('from') ?? undefined, to: filters.get('to') ?? undefined });
}

function draw(steps: TimelineStep[], scene: Scene, width: number): Drawing {
  const { t, format, look } = scene;
  const spacing = stepLength(steps);
  const total = steps.reduce((sum, { orders }) => sum + orders, 0);
  const spoken = t.chartOf(
    t.timeline,
    steps.length
      ? `${format.day(steps[0]!.start)} – ${format.day(steps.at(-1)!.start)}, ${t.orders}: ${format.count(total)}`
      : '',
  );
  const left = width < NARROW ? 52 : 64;
  return {
    height: 380,
    spoken,
    along: { axis: 'x', ids: steps.map(({ start }) => start) },
    legend: [
      { name: t.closedOrders, color: look.orders, figures: [] },
      { name: t.otherOrders, color: look.notClosed, figures: [] },
      { name: t.revenue, color: look.money, figures: [] },
    ],
    option: {
      ...baseOption(scene, spoken, {
        trigger: 'axis',
        axisPointer: { type: 'line', lineStyle: { color: look.faint, type: 'dotted' } },
        formatter: ([{ dataIndex }]: [{ dataIndex: number }]) => {
          const step = steps[dataIndex];
          return step ? stepTooltip(step, spacing, scene) : '';
        },
      }),
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      grid: [
        { left, right: 8, top: 28, height: 170, outerBoundsMode: 'none' },
        { left, right: 8, top: 246, height: 100, outerBoundsMode: 'none' },
      ],
      xAxis: timeAxes(steps, spacing, scene),
      yAxis: amountAxes(left, scene),
      series: [...orderBars(steps, scene), revenueLine(steps, scene)],
    },
  };
}

function stepTooltip(step: TimelineStep, spacing: number, scene: Scene): HTMLElement {
  const { t, format, look } = scene;
  return tooltip(
    stepTitle(step.start, spacing, scene),
    [
      { name: t.closedOrders, value: format.count(step.closed_orders), color: look.orders },
      { name: t.otherOrders, value: format.count(step.orders - step.closed_orders), color: look.notClosed },
      { name: t.revenue, value: format.bill(step.revenue), color: look.money },
    ],
    t.clickForOrders,
  );
}

/** One for each diagram; the lower one has the labels. */
function timeAxes(steps: TimelineStep[], spacing: number, scene: Scene): object[] {
  const time = {
    type: 'category',
    data: steps.map(({ start }) => start),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: scene.look.line } },
  };
  const labels = {
    ...axisText(scene),
    hideOverlap: true,
    formatter: (start: string) => stepLabel(start, spacing, scene),
  };
  return [
    { ...time, gridIndex: 0, axisLabel: { show: false } },
    { ...time, gridIndex: 1, axisLabel: labels },
  ];
}

/** @param left of the diagrams, where the names of the axes begin */
function amountAxes(left: number, scene: Scene): object[] {
  const { t, format, look } = scene;
  const text = axisText(scene);
  const amount = {
    type: 'value',
    splitNumber: 3,
    nameTextStyle: { ...text, align: 'left', padding: [0, 0, 2, -left] },
    nameGap: 12,
    splitLine: { lineStyle: { color: look.line } },
  };
  return [
    {
      ...amount,
      gridIndex: 0,
      name: t.orders,
      minInterval: 1,
      axisLabel: { ...text, formatter: format.short },
    },
    {
      ...amount,
      gridIndex: 1,
      name: t.revenue,
      splitNumber: 2,
      axisLabel: { ...text, formatter: format.shortSum },
    },
  ];
}

function axisText({ look }: Scene): { color: string; fontSize: number } {
  return { color: look.faint, fontSize: 12 };
}

function orderBars(steps: TimelineStep[], { look }: Scene): object[] {
  return [
    {
      id: 'closed',
      type: 'bar',
      stack: 'orders',
      barMaxWidth: 36,
      barCategoryGap: '22%',
      itemStyle: { color: look.orders },
      data: steps.map(({ closed_orders }) => closed_orders),
    },
    {
      id: 'not closed',
      type: 'bar',
      stack: 'orders',
      barMaxWidth: 36,
      itemStyle: { color: look.notClosed, borderRadius: [3, 3, 0, 0] },
      data: steps.map(({ orders, closed_orders }) => orders - closed_orders),
    },
  ];
}

function revenueLine(steps: TimelineStep[], { look }: Scene): object {
  return {
    id: 'revenue',
    type: 'line',
    // A click on it is one on its step.
    silent: true,
    xAxisIndex: 1,
    yAxisIndex: 1,
    showSymbol: steps.length === 1,
    lineStyle: { color: look.money, width: 2 },
    itemStyle: { color: look.money },
    areaStyle: { color: look.money, opacity: 0.12 },
    data: steps.map(({ revenue }) => revenue),
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds between two steps; a single one is a day. */
function stepLength([first, second]: TimelineStep[]): number {
  return first && second ? timeOf(second) - timeOf(first) : DAY_MS;
}

function timeOf({ start }: TimelineStep): number {
  return Date.parse(`${start.replace(' ', 'T')}Z`);
}

function stepLabel(start: string, spacing: number, { format }: Scene): string {
  if (spacing < DAY_MS) {
    return format.hour(start);
  }
  return spacing > 8 * DAY_MS ? format.month(start) : format.shortDay(start);
}

function stepTitle(start: string, spacing: number, { format }: Scene): string {
  if (spacing < DAY_MS) {
    return format.hour(start);
  }
  return spacing > 8 * DAY_MS ? format.month(start) : format.day(start);
}
