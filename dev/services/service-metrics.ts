/** Values of a page in the Prometheus text format, by `name{labels}` as written there. */
export type Metrics = ReadonlyMap<string, number>;

/** @throws when the service does not answer */
export async function readMetrics(port: number): Promise<Metrics> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return parseMetrics(await answer.text());
}

export function parseMetrics(page: string): Metrics {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const place = line.lastIndexOf(' ');
      return [line.slice(0, place), Number(line.slice(place + 1))];
    }),
  );
}

/** The sum over all samples of a metric, or over those whose labels contain a text. */
export function total(metrics: Metrics, name: string, label = ''): number {
  let sum = 0;
  for (const [sample, value] of metrics) {
    if ((sample === name || sample.startsWith(`${name}{`)) && sample.includes(label)) {
      sum += value;
    }
  }
  return sum;
}

/** The value of a label of the first sample of a metric; undefined where there is none. */
export function labelOf(metrics: Metrics, name: string, label: string): string | undefined {
  const sample = [...metrics.keys()].find((one) => one.startsWith(`${name}{`));
  return sample && new RegExp(`[{,]${label}="([^"]*)"`).exec(sample)?.[1];
}
