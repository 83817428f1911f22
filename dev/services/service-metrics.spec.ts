import { expect, it } from 'vitest';
import { labelOf, parseMetrics, total } from './service-metrics';

const page = `# HELP batch_seconds Time of a batch
# TYPE batch_seconds histogram
batch_seconds_bucket{le="1",stage="handle"} 3
batch_seconds_sum{stage="handle"} 1.5
batch_seconds_sum{stage="publish"} 0.25
batch_seconds_summary 9

messages_total 7
`;

it('adds up the samples of a metric', () => {
  const metrics = parseMetrics(page);
  expect(total(metrics, 'batch_seconds_sum')).toBe(1.75);
  expect(total(metrics, 'batch_seconds_sum', 'stage="handle"')).toBe(1.5);
  expect(total(metrics, 'messages_total')).toBe(7);
  expect(total(metrics, 'nothing')).toBe(0);
});

it('gives a label of a metric', () => {
  const metrics = parseMetrics('node_info{major="24",version="v24.1.0"} 1\n');
  expect(labelOf(metrics, 'node_info', 'version')).toBe('v24.1.0');
  expect(labelOf(metrics, 'node_info', 'minor')).toBeUndefined();
  expect(labelOf(metrics, 'nothing', 'version')).toBeUndefined();
});
