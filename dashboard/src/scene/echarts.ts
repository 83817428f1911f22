import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

/** Only what the page draws with; the rest of ECharts stays out of it. */
use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LineChart, PieChart, TooltipComponent]);

export type ChartOption = EChartsCoreOption;
export type DrawnChart = EChartsType;

export function drawOn(container: HTMLElement): DrawnChart {
  return init(container, undefined, { renderer: 'canvas' });
}
