import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { promtool } from '../../dev/sandbox/deploy/deploy-tools';
import { runToEnd } from '../../dev/stack/run-to-end';
import { readers, services, jobs, type Workload } from './workloads';

interface ComposeService {
  image: string;
  build?: string;
  pull_policy?: string;
  restart?: string;
  healthcheck?: { disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
  command?: string | string[];
  environment: Record<string, string>;
  volumes?: string[];
  ports?: string[];
}

interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes?: Record<string, null>;
}

/** `!override` is a tag of Compose; what stands behind it is what counts. */
const compose = (file: string) =>
  parse(readFileSync(file, 'utf8'), { merge: true, logLevel: 'silent' }) as ComposeFile;

const file = compose('docker-compose.yaml');
const production = compose('compose.production.yaml');
const servers = ['kafka', 'postgres', 'redis', 'prometheus', 'grafana'];
const workloads: Workload[] = [...services, ...jobs];
const command = ({ command: of = [] }: ComposeService) => [of].flat().join(' ');

/** What a service gets where neither shell nor `.env` has anything. */
function withDefaults({ environment }: ComposeService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/^\$\{\w+:-(.*)\}$/, '$1')]),
  );
}

describe('docker-compose.yaml', () => {
  it('starts servers and services again after the machine was, and what ends by itself not', () => {
    const restarted = Object.entries(file.services)
      .filter(([, { restart }]) => restart === 'unless-stopped')
      .map(([name]) => name);
    expect(restarted.toSorted()).toEqual([...servers, ...services].toSorted());
  });

  it('disables the health check of what ends by itself alone: `up --wait` fails where it waits for one that is disabled', () => {
    const conditions = Object.values(file.services).flatMap(({ depends_on: on = {} }) => Object.entries(on));
    const ending = conditions
      .filter(([, { condition }]) => condition === 'service_completed_successfully')
      .map(([name]) => name);
    const disabled = Object.entries(file.services)
      .filter(([, { healthcheck }]) => healthcheck?.disable)
      .map(([name]) => name);
    expect(disabled.toSorted()).toEqual([...new Set(ending)].toSorted());
  });

  it('builds the image once, and never asks a registry for it', () => {
    const ours = Object.entries(file.services).filter(([, { image }]) => image === 'order-vault');
    expect(ours.map(([name]) => name).toSorted()).toEqual([...workloads, 'orders'].toSorted());
    const built = ours.filter(([, { build }]) => build).map(([name]) => name);
    const cached = ours.filter(([, { pull_policy: policy }]) => policy === 'never').map(([name]) => name);
    expect(built).toEqual(['migrate']);
    expect([...built, ...cached].toSorted()).toEqual(ours.map(([name]) => name).toSorted());
  });

  it.each(workloads)('has values that %s accepts, and no password in a URL', (name) => {
    const environment = withDefaults(file.services[name]!);
    expect(readers[name](environment)).toBeTruthy();
    expect(new URL(environment.DATABASE_URL!).password).toBe('');
    expect(environment.PGPASSWORD).toBe(file.services.postgres!.environment.POSTGRES_PASSWORD);
  });

  it('runs what the build makes', () => {
    const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as {
      projects: Record<string, { root: string; entryFile: string }>;
    };
    const built = Object.values(projects).map(({ root, entryFile }) => `dist/${root}/${entryFile}.js`);
    for (const name of [...workloads, 'orders']) {
      expect(built).toContain(command(file.services[name]!).split(' ')[0]);
    }
  });

  it('mounts files that there are, and volumes that it names', () => {
    const mounted = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0]!),
    );
    const files = mounted.filter((source) => source.startsWith('./'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    expect(files.filter((source) => !existsSync(source))).toEqual([]);
    const named = mounted.filter((source) => !source.startsWith('./'));
    expect(named.toSorted()).toEqual(Object.keys(file.volumes!).toSorted());
  });

  it('lets this machine alone reach its ports', () => {
    const ports = Object.values(file.services).flatMap(({ ports: of = [] }) => of);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

describe('compose.production.yaml', () => {
  it('takes the password from one variable, apart from the URL, in the server and in all that log in', () => {
    const password = /^\$\{DATABASE_PASSWORD:\?/;
    expect(production.services.postgres!.environment.POSTGRES_PASSWORD).toMatch(password);
    const loggingIn = ['migrate', ...services];
    const passwords = loggingIn.map((name) => production.services[name]!.environment.PGPASSWORD);
    expect(passwords).toEqual(loggingIn.map(() => expect.stringMatching(password)));
  });

  it('changes services that there are', () => {
    expect(Object.keys(file.services)).toEqual(expect.arrayContaining(Object.keys(production.services)));
  });
});

describe('the profile observability', () => {
  it('lets Prometheus read the services under the names that the alerts know, and the alerts themselves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'order-vault-prometheus-'));
    try {
      for (const name of ['prometheus.yaml', 'alerts.yaml']) {
        writeFileSync(join(folder, name), readFileSync(`deploy/compose/${name}`));
      }
      const said = await runToEnd(await promtool(), ['check', 'config', join(folder, 'prometheus.yaml')]);
      expect(said).toContain('1 rule files found');
    } finally {
      rmSync(folder, { recursive: true });
    }
    const { scrape_configs: jobsOfPrometheus } = parse(
      readFileSync('deploy/compose/prometheus.yaml', 'utf8'),
    ) as { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] };
    expect(jobsOfPrometheus.map(({ job_name: job, static_configs: [of] }) => [job, of!.targets])).toEqual(
      services.map((name) => {
        const { PORT } = readers[name](withDefaults(file.services[name]!)) as { PORT: number };
        return [name, [`${name}:${PORT}`]];
      }),
    );
  });

  it('gives Grafana the Prometheus beside it, and the folder into which the dashboard is mounted', () => {
    const { datasources } = parse(readFileSync('deploy/compose/grafana-datasource.yaml', 'utf8')) as {
      datasources: { url: string }[];
    };
    expect(file.services).toHaveProperty(new URL(datasources[0]!.url).hostname);
    const { providers } = parse(readFileSync('deploy/compose/grafana-dashboards.yaml', 'utf8')) as {
      providers: { options: { path: string } }[];
    };
    const { path } = providers[0]!.options;
    const { volumes, environment } = file.services.grafana!;
    const mounted = volumes!.map((volume) => volume.split(':')[1]);
    expect(mounted).toContain(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH);
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!.startsWith(`${path}/`)).toBe(true);
  });
});
