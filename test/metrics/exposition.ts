import { parseMetrics } from '../../dev/services/service-metrics';

export interface Metric {
  name: string;
  type: string;
  help: string;
  /** In the order of their names; `le` of histograms left out. */
  labels: string[];
}

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** The samples of a page of metrics. */
export function samplesOf(page: string): Sample[] {
  return Array.from(parseMetrics(page), ([text, value]) => {
    const [, name = '', labels = ''] = /^([\w:]+)(?:\{(.*)\})?$/.exec(text)!;
    const pairs = Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, label, content]) => [label, content]);
    return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value };
  });
}

/** The metrics of a page, by name. */
export function metricsOf(page: string): Map<string, Metric> {
  const samples = samplesOf(page);
  const helps = new Map(
    Array.from(page.matchAll(/^# HELP (\S+) (.*)$/gm), ([, name, help]) => [name, help!]),
  );
  return new Map(
    Array.from(page.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => {
      const own = samples.filter(({ name: sample }) => [name, `${name}_bucket`].includes(sample));
      const labels = new Set(own.flatMap((sample) => Object.keys(sample.labels)));
      labels.delete('le');
      return [name, { name, type, help: helps.get(name)!, labels: [...labels].toSorted() }];
    }),
  );
}
