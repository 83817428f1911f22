import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatPage } from '../dev/data-model/format-page';
import { eventually } from './harness/eventually';
import { putRules } from './guarantees/tags/put-rules';
import { dictionary, userEntry } from './guarantees/orders/small-town';
import { sourceText, type OrderChanges } from './guarantees/orders/source-text';
import { usePipeline } from './harness/use-pipeline';
import type { ServiceName } from './harness/service-process';
import { metricsOf, samplesOf, type Sample } from './metrics/exposition';
import { askedBy } from './metrics/questions';

/*
 * What the services report of themselves: the figures are right, the page that lists them is up to date, and dashboard
 * and alerts ask for what there is.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const pipeline = usePipeline();
const pages = new Map<ServiceName, string>();

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');

async function readPages(): Promise<void> {
  for (const name of services) {
    pages.set(name, await (await fetch(`${pipeline.service(name).url}/metrics`)).text());
  }
}

function samples(service: ServiceName): Sample[] {
  return samplesOf(pages.get(service)!);
}

/** The sum of the samples with these labels. */
function figure(service: ServiceName, name: string, labels: Record<string, string> = {}): number {
  return samples(service)
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

const now = () => new Date().toISOString().slice(0, 19).replace('T', ' ');
const order = (id: number, more: OrderChanges = {}) => ({ value: sourceText({ id, sent: now(), ...more }) });

beforeAll(async () => {
  await putRules(pipeline, [{ tag: 'regular', restaurant_id: 'r1', min_orders: 1 }]);
  await pipeline.dictionary.put(dictionary);
  await pipeline.sendOrders([
    ...[1, 2, 3, 4, 5].map((id) => order(id)),
    order(6, { user: 'u99' }),
    { value: '{"object_type":"user"}' },
    { value: 'no JSON' },
  ]);
  await pipeline.settled();
  // Some figures are asked for every ten seconds, and may be of before.
  const wanted = { offsets: [8, 5, 5], lag: [0, 0, 0], parked: 1, unpublished: 0 };
  await eventually(async () => {
    await readPages();
    const found = {
      offsets: services.map((name) => figure(name, 'order_vault_consumer_offset')),
      lag: services.map((name) => figure(name, 'order_vault_consumer_lag_messages')),
      parked: figure('stg', 'order_vault_parked_orders'),
      unpublished: figure('cdm', 'order_vault_unpublished_tag_events'),
    };
    return isDeepStrictEqual(found, wanted) ? undefined : JSON.stringify(found);
  }, 60_000);
});

describe('the figures', () => {
  it('say what became of each message', () => {
    const outcomes = (service: ServiceName) =>
      ['processed', 'skipped', 'parked', 'refused'].map((outcome) =>
        figure(service, 'order_vault_messages_total', { outcome }),
      );
    expect(outcomes('stg')).toEqual([5, 1, 1, 1]);
    expect(outcomes('dds')).toEqual([5, 0, 0, 0]);
    expect(outcomes('cdm')).toEqual([5, 0, 0, 0]);
    expect(figure('stg', 'order_vault_dead_letters_total')).toBe(1);
    expect(figure('stg', 'order_vault_dead_letters_total', { reason: 'invalid_json' })).toBe(1);
    expect(figure('stg', 'order_vault_batch_messages_sum')).toBe(8);
  });

  it('say what waits: nothing in Kafka, one order for its user', () => {
    for (const service of services) {
      const waiting = samples(service).filter(({ name }) => name === 'order_vault_consumer_lag_messages');
      expect(waiting.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0]);
    }
    expect(figure('stg', 'order_vault_consumer_offset')).toBe(8);
    expect(figure('stg', 'order_vault_parked_orders', { missing: 'user' })).toBe(1);
    expect(figure('stg', 'order_vault_parked_orders')).toBe(1);
    expect(figure('stg', 'order_vault_parked_oldest_seconds', { missing: 'user' })).toBeGreaterThan(0);
    expect(figure('cdm', 'order_vault_unpublished_tag_events')).toBe(0);
  });

  it('say how late orders were, from the time of the source to each layer', () => {
    for (const service of services) {
      const batches = figure(service, 'order_vault_freshness_seconds_count');
      expect(batches).toBeGreaterThan(0);
      expect(figure(service, 'order_vault_freshness_seconds_sum') / batches).toBeLessThan(60);
    }
  });

  it('count transactions, connections, jobs and repeats', () => {
    for (const service of services) {
      expect(figure(service, 'order_vault_transactions_total', { result: 'committed' })).toBeGreaterThan(0);
      expect(figure(service, 'order_vault_pool_connections')).toBeGreaterThan(0);
      expect(
        figure(service, 'order_vault_pool_connections_max', { db_client_connection_pool_name: service }),
      ).toBeGreaterThan(1);
      expect(figure(service, 'order_vault_pool_waiting_requests')).toBe(0);
      expect(figure(service, 'order_vault_batch_repeats_total', { verdict: 'defect' })).toBe(0);
      expect(figure(service, 'order_vault_job_retries_total', { job_name: 'lag' })).toBe(0);
    }
  });

  it('fall when what was missing appears, and grow in value, not in number, with more orders of other users', async () => {
    const names = (service: ServiceName) =>
      samples(service)
        .filter(({ name }) => name.startsWith('order_vault_'))
        .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
    const before = services.map(names);
    const users = Array.from({ length: 100 }, (_, place) => `v${place}`);
    await pipeline.dictionary.put(
      Object.fromEntries(['u99', ...users].map((id) => [id, userEntry(id, `User ${id}`)])),
    );
    await pipeline.sendOrders(users.map((user, place) => order(100 + place, { user })));
    await pipeline.settled();
    await expect
      .poll(async () => {
        await readPages();
        return [
          figure('stg', 'order_vault_parked_orders'),
          figure('cdm', 'order_vault_messages_total', { outcome: 'processed' }),
        ];
      })
      .toEqual([0, 106]);
    expect(services.map(names)).toEqual(before);
  });
});

it('docs/metrics.md lists them all, as they are', async () => {
  const all = new Map(services.flatMap((service) => [...metricsOf(pages.get(service)!)]));
  const rows = [...all.values()]
    .filter(({ name }) => name.startsWith('order_vault_'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, type, help, labels }) => {
      const owners = services.filter((service) => metricsOf(pages.get(service)!).has(name));
      const label = labels.map((one) => `\`${one}\``).join(', ');
      return `| \`${name}\` | ${type} | ${label} | ${owners.join(', ')} | ${help} |`;
    });
  const table = ['| Metric | Type | Labels | Services | Means |', '| --- | --- | --- | --- | --- |', ...rows];
  const page = read('docs/metrics.md').replace(
    /(<!-- metrics -->\n)[^]*(<!-- end -->)/,
    (_, start: string, end: string) => `${start}\n${table.join('\n')}\n\n${end}`,
  );
  await expect(await formatPage(page)).toMatchFileSnapshot(at('docs/metrics.md'));
});

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
}

const dashboard = JSON.parse(read('deploy/components/monitoring/dashboard.json')) as {
  uid: string;
  title: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string; query: string }[] };
  panels: Panel[];
};
const { groups } = (
  parse(read('deploy/components/monitoring/alerts.yaml')) as {
    spec: { groups: { rules: { alert?: string; record?: string; expr: string }[] }[] };
  }
).spec;
const rules = groups.flatMap((group) => group.rules);

it.each([
  ...rules.map(({ alert, record, expr }) => [alert ?? record!, expr]),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel ${title}`, expr]),
  ),
])('%s asks for metrics and labels that services have', (_, expression) => {
  const recorded = new Set(['up', ...rules.map(({ record }) => record)]);
  // What is named kube_ comes from the cluster.
  const asked = askedBy(expression!).filter(
    ({ metric }) => !recorded.has(metric) && !metric.startsWith('kube_'),
  );
  expect(askedBy(expression!)).not.toEqual([]);
  for (const { metric, labels } of asked) {
    const own = labels.filter(({ name }) => name !== 'job');
    const job = labels.find(({ name }) => name === 'job')?.equals as ServiceName | undefined;
    const found = (job ? [job] : services)
      .flatMap(samples)
      .filter(
        (sample) =>
          sample.name === metric &&
          own.every(
            ({ name, equals }) => name in sample.labels && [undefined, sample.labels[name]].includes(equals),
          ),
      );
    expect({ metric, labels, isFound: found.length > 0 }).toEqual({ metric, labels, isFound: true });
  }
});

it('the dashboard has the shape that Grafana imports', () => {
  expect(dashboard).toMatchObject({ uid: 'order-vault', title: 'Order Vault' });
  expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
  expect(dashboard.templating.list).toContainEqual(
    expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
  );
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
    'Is it complete?',
    'Is it fast?',
    'What does it cost?',
  ]);
  for (const { type, title, description, datasource, targets = [], gridPos } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    if (type === 'row') {
      continue;
    }
    expect({ title, type, description, datasource }).toEqual({
      title: expect.stringMatching(/\S/),
      type: expect.stringMatching(/^(stat|timeseries)$/),
      description: expect.stringMatching(/\.$/),
      datasource: { type: 'prometheus', uid: '${datasource}' },
    });
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const target of targets) {
      expect(target.datasource).toEqual(datasource);
    }
  }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
