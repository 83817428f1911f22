import type { Scene } from '../scene/chart';
import type { ChartOption } from '../scene/echarts';

export const FONT = "'Inter Variable', system-ui, sans-serif";

/** What all charts have in common. @param tooltip what is this chart's own in it */
export function baseOption({ calm, patterns, look }: Scene, spoken: string, tooltip: object): ChartOption {
  return {
    textStyle: { fontFamily: FONT, color: look.ink, fontSize: 13 },
    animation: !calm,
    animationDuration: 350,
    animationDurationUpdate: 350,
    aria: { enabled: true, label: { enabled: true, description: spoken }, decal: { show: patterns } },
    tooltip: {
      confine: true,
      backgroundColor: look.card,
      borderColor: look.line,
      textStyle: { color: look.ink, fontFamily: FONT, fontSize: 13 },
      padding: 0,
      transitionDuration: 0,
      ...tooltip,
    },
  };
}
