import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promtool } from '../../dev/sandbox/deploy/deploy-tools';
import { manifestsOf, renderComponents } from '../../dev/sandbox/deploy/render';
import { runToEnd } from '../../dev/stack/run-to-end';
import { scenes } from './alert-scenes';
import { find } from './manifests';

interface Rule {
  alert?: string;
  labels: { severity?: string };
  annotations: { summary: string; description: string; command: string; runbook_url: string };
}
interface Group {
  name: string;
  rules: Rule[];
}

const folder = mkdtempSync(join(tmpdir(), 'order-vault-alerts-'));
const page = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
let groups: Group[];
let alerts: Rule[];

beforeAll(async () => {
  const manifests = manifestsOf(await renderComponents(['monitoring']));
  ({ groups } = find(manifests, 'PrometheusRule', 'order-vault').spec as { groups: Group[] });
  alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** JSON is YAML. */
function file(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe('the alert rules', () => {
  it('are read by Prometheus, their texts too', async () => {
    const path = file('rules.yaml', { groups });
    expect(await runToEnd(await promtool(), ['check', 'rules', '--lint-fatal', path])).toContain('SUCCESS');
  });

  it('each have a scene in which they fire, and one in which they do not', () => {
    const names = alerts.map(({ alert }) => alert!).toSorted();
    const withFiring = (fires: boolean) =>
      names.filter((name) => scenes[name]?.some(({ firing }) => firing.length > 0 === fires));
    expect(Object.keys(scenes).toSorted()).toEqual(names);
    expect(withFiring(true)).toEqual(names);
    expect(withFiring(false)).toEqual(names);
  });

  it.each(Object.entries(scenes))('%s fires when it should, and only then', async (name, ofAlert) => {
    // Texts are left out: promtool would have each repeated here.
    const bare = groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({ ...rule, annotations: undefined })),
    }));
    const severity = alerts.find(({ alert }) => alert === name)!.labels.severity!;
    const path = file(`${name}.test.yaml`, {
      rule_files: [file(`${name}.yaml`, { groups: bare })],
      evaluation_interval: '1m',
      tests: ofAlert.map(({ series, at, firing }) => ({
        interval: '1m',
        input_series: Object.entries(series).map(([of, values]) => ({ series: of, values })),
        alert_rule_test: [
          {
            eval_time: `${at}m`,
            alertname: name,
            exp_alerts: firing.map((labels) => ({ exp_labels: { ...labels, severity } })),
          },
        ],
      })),
    });
    expect(await runToEnd(await promtool(), ['test', 'rules', path])).toContain('SUCCESS');
  });

  it('would fail in another scene', async () => {
    const path = file('wrong.test.yaml', {
      rule_files: [file('wrong.yaml', { groups })],
      tests: [
        {
          input_series: [],
          alert_rule_test: [
            {
              eval_time: '5m',
              alertname: 'OrderVaultMemory',
              exp_alerts: [{ exp_labels: { severity: 'warning' } }],
            },
          ],
        },
      ],
    });
    await expect(runToEnd(await promtool(), ['test', 'rules', path])).rejects.toThrow(/FAILED/);
  });

  it('count what waits once, however many replicas report it', async () => {
    const given = (instance: number, partition: number) =>
      `order_vault_consumer_lag_messages{job="dds",instance="${instance}",messaging_destination_name="a",messaging_destination_partition_id="${partition}"}`;
    const path = file('lag.test.yaml', {
      rule_files: [file('lag.yaml', { groups })],
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: given(1, 0), values: '10x5' },
            { series: given(2, 0), values: '12x5' },
            { series: given(1, 1), values: '5x5' },
          ],
          promql_expr_test: [
            {
              expr: 'job:order_vault_consumer_lag_messages:sum',
              eval_time: '3m',
              exp_samples: [{ labels: 'job:order_vault_consumer_lag_messages:sum{job="dds"}', value: 17 }],
            },
          ],
        },
      ],
    });
    expect(await runToEnd(await promtool(), ['test', 'rules', path])).toContain('SUCCESS');
  });

  it('say how bad it is, what it is, and where to read on', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      expect({ alert, ...annotations }).toEqual({
        alert,
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\.$/),
        command: expect.stringMatching(/^kubectl -n order-vault /),
        runbook_url: `https://git.example.com/order-vault/docs/runbook.md#${alert!.toLowerCase()}`,
      });
    }
  });

  it('each have their paragraph in docs/runbook.md, with all three parts, and no paragraph is without its alert', () => {
    const [, section = ''] = /^## Alerts\n([^]*?)(?=^## |(?![^]))/m.exec(page) ?? [];
    const [, ...paragraphs] = section.split(/^### /m);
    const titles = paragraphs.map((paragraph) => paragraph.split('\n', 1)[0]);
    expect(titles).toEqual(alerts.map(({ alert }) => alert));
    for (const [place, paragraph] of paragraphs.entries()) {
      expect(paragraph).toMatch(/_Means\._ [^]+_Look at\._ [^]+_Do\._ /);
      // As the alert has it, for one of the services.
      const { command } = alerts[place]!.annotations;
      const asWritten = command.replace('{{ $labels.job }}', 'stg').replace('{{ $labels.pod }}', 'POD');
      expect(paragraph).toContain(`\`\`\`sh\n${asWritten}\n\`\`\``);
    }
  });
});

describe('the commands of the runbook', () => {
  /** Lines and quotations that begin with it. */
  const commands = page.match(/\bkubectl -n order-vault [^`\n#|]+/g)!;

  it('work in the cluster: they name workloads that there are, and tools that the image has', async () => {
    const manifests = manifestsOf(await renderComponents(['tools', 'reconcile', 'autoscaling']));
    const names = new Set(manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`));
    const workloads = commands.flatMap(
      (command) => command.match(/\b(?:deployment|service|job)\/\w+/g) ?? [],
    );
    expect(workloads.length).toBeGreaterThan(10);
    expect(workloads.filter((name) => !names.has(name))).toEqual([]);
    const components = commands.flatMap((command) => [...command.matchAll(/component=(\w+)/g)]);
    expect(
      components.map(([, name]) => name).filter((name) => !['stg', 'reconcile'].includes(name!)),
    ).toEqual([]);
  });

  it('run tools where they can: in the image there is no npm', async () => {
    expect(page.match(/.*npm run.*/g)).toBeNull();
    const help = await runToEnd('npx', ['tsx', 'ops/order-vault.ts', '--help']);
    const known = [...help.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
    const used = [...page.matchAll(/order-vault\.js ([a-z-]+)/g)].map(([, name]) => name!);
    expect(new Set(used)).toEqual(new Set(['reconcile', 'rebuild', 'dead-letters', 'parked']));
    expect(known).toEqual(expect.arrayContaining(used));
  });
});

describe('the dashboard', () => {
  it('asks what Prometheus understands', async () => {
    const text = readFileSync(
      new URL('../../deploy/components/monitoring/dashboard.json', import.meta.url),
      'utf8',
    );
    const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
    const questions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const rules = questions.map((expr, place) => ({
      record: `dashboard:question:${place}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$service', 'stg|dds|cdm'),
    }));
    const path = file('dashboard.yaml', { groups: [{ name: 'dashboard', rules }] });
    expect(await runToEnd(await promtool(), ['check', 'rules', path])).toContain(
      `${questions.length} rules found`,
    );
  });
});
