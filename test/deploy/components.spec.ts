import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { manifestsOf, renderComponents, type Manifest } from '../../dev/sandbox/deploy/render';
import { find, ofKind } from './manifests';
import { environmentOf, jobs, services, workloadOf, type Workload } from './workloads';

const workloads: Workload[] = [...services, ...jobs];
let manifests: Manifest[];

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

/** The workloads whose pods a selector finds. */
function selected({ matchLabels = {}, matchExpressions = [] }: Selector): Workload[] {
  return workloads.filter((name) => {
    const { labels } = workloadOf(manifests, name).spec.template.metadata;
    return (
      Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
      matchExpressions.every(({ key, values }) => values.includes(labels[key]))
    );
  });
}

const render = async (...names: string[]) => {
  manifests = manifestsOf(await renderComponents(names));
};

describe('autoscaling', () => {
  beforeAll(() => render('autoscaling'));

  it('follows the lag of what each service reads, from the variables that it has itself', () => {
    const partitions = Number(workloadOf(manifests, 'topics').spec.template.spec.containers[0].args.at(-1));
    for (const name of services) {
      const { spec } = find(manifests, 'ScaledObject', name);
      expect(spec.scaleTargetRef).toEqual({ name });
      expect(spec.maxReplicaCount).toBeLessThanOrEqual(partitions);
      expect(spec.minReplicaCount).toBe(name === 'dds' ? 0 : 1);
      const { bootstrapServersFromEnv, topicFromEnv, consumerGroupFromEnv } = spec.triggers[0].metadata;
      const variables = environmentOf(manifests, name, () => '');
      expect(variables[bootstrapServersFromEnv]).toBe(variables.KAFKA_BROKERS);
      expect(variables[topicFromEnv]).toBe(variables.SOURCE_TOPIC);
      expect(variables[consumerGroupFromEnv]).toBe(variables.KAFKA_GROUP_ID);
    }
  });

  it('leaves the number of replicas to KEDA', () => {
    for (const name of services) {
      expect(workloadOf(manifests, name).spec.replicas).toBeUndefined();
    }
  });
});

describe('autoscaling-sasl', () => {
  beforeAll(() => render('tls', 'autoscaling-sasl'));

  it('reaches Kafka with the account and the certificates of the service', () => {
    for (const name of services) {
      const [trigger] = find(manifests, 'ScaledObject', name).spec.triggers;
      const { KAFKA_SASL_MECHANISM } = environmentOf(manifests, name, () => '');
      expect(trigger.metadata).toMatchObject({
        tls: 'enable',
        sasl: KAFKA_SASL_MECHANISM!.replace('-sha-', '_sha'),
      });
      const { spec } = find(manifests, 'TriggerAuthentication', trigger.authenticationRef.name);
      expect(
        spec.secretTargetRef.map(({ name: secret, key }: Record<string, string>) => [secret, key]),
      ).toEqual([
        [name, 'KAFKA_SASL_USERNAME'],
        [name, 'KAFKA_SASL_PASSWORD'],
      ]);
      const [volume] = workloadOf(manifests, name).spec.template.spec.volumes;
      expect(spec.configMapTargetRef[0].name).toBe(volume.configMap.name);
    }
  });
});

describe('monitoring', () => {
  beforeAll(() => render('monitoring'));

  it('has the label by which kube-prometheus-stack takes monitors and rules', () => {
    for (const kind of ['ServiceMonitor', 'PrometheusRule']) {
      expect(find(manifests, kind, 'order-vault').metadata.labels).toMatchObject({
        release: 'kube-prometheus-stack',
      });
    }
    // Its settings are for Kustomize alone.
    expect(ofKind(manifests, 'ConfigMap').map(({ metadata }) => metadata.name)).not.toContain('monitoring');
  });

  it('finds the metrics of the three services', () => {
    const { selector, endpoints, jobLabel } = find(manifests, 'ServiceMonitor', 'order-vault').spec;
    const found = ofKind(manifests, 'Service').filter(({ metadata }) =>
      Object.entries(selector.matchLabels).every(([key, value]) => metadata.labels?.[key] === value),
    );
    expect(found.map(({ metadata }) => metadata.labels![jobLabel]).toSorted()).toEqual(['cdm', 'dds', 'stg']);
    for (const { spec } of found) {
      expect(spec.ports[0].name).toBe(endpoints[0].port);
    }
    expect(endpoints[0].path).toBe('/metrics');
  });

  it('gives Grafana the dashboard as it is in the repository, with the label that its sidecar looks for', () => {
    const { metadata, data } = find(manifests, 'ConfigMap', 'grafana-dashboard');
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const file = new URL('../../deploy/components/monitoring/dashboard.json', import.meta.url);
    expect(data).toEqual({ 'order-vault.json': readFileSync(file, 'utf8') });
  });
});

describe('network-policy', () => {
  beforeAll(() => render('network-policy'));

  const policy = (name: string) => find(manifests, 'NetworkPolicy', name).spec;

  it('forbids all that is not allowed, for every pod', () => {
    expect(selected(policy('nothing').podSelector)).toEqual(workloads);
    expect(policy('nothing')).toEqual({
      podSelector: policy('nothing').podSelector,
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('allows each workload the servers whose address it has, and no others', () => {
    for (const [name, variable] of [
      ['kafka', 'KAFKA_BROKERS'],
      ['postgresql', 'DATABASE_URL'],
      ['redis', 'REDIS_URL'],
    ] as const) {
      const needing = workloads.filter(
        (workload) => variable in environmentOf(manifests, workload, () => ''),
      );
      expect(selected(policy(name).podSelector)).toEqual(needing);
    }
    expect(selected(policy('names').podSelector)).toEqual(workloads);
  });

  it('lets cdm post to webhooks outside of private networks', () => {
    const { podSelector, egress } = policy('webhooks');
    expect(selected(podSelector)).toEqual(['cdm']);
    expect(egress).toHaveLength(1);
    expect(egress[0].ports).toEqual([{ protocol: 'TCP', port: 443 }]);
    expect(egress[0].to[0].ipBlock.except).toEqual(
      expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']),
    );
  });

  it('lets the services send spans to a collector', () => {
    const { podSelector, egress } = policy('traces');
    expect(selected(podSelector)).toEqual([...services]);
    expect(egress[0].ports).toEqual([{ protocol: 'TCP', port: 4318 }]);
  });

  it('lets Prometheus reach the services, and the Ingress controller cdm', () => {
    expect(selected(policy('metrics').podSelector)).toEqual([...services]);
    expect(selected(policy('dashboard').podSelector)).toEqual(['cdm']);
  });
});

describe('tools', () => {
  beforeAll(() => render('tools', 'tls', 'network-policy'));

  it('has no replica until it is needed, the rights of an operator, and the way to all servers, for forget too', () => {
    const { spec } = find(manifests, 'Deployment', 'tools');
    expect(spec.replicas).toBe(0);
    const { containers, volumes } = spec.template.spec;
    expect(containers[0].envFrom).toEqual([
      {
        configMapRef: {
          name: find(manifests, 'ConfigMap', containers[0].envFrom[0].configMapRef.name).metadata.name,
        },
      },
      { secretRef: { name: 'operator' } },
    ]);
    expect(containers[0].volumeMounts[0].name).toBe(volumes[0].name);
    for (const name of ['kafka', 'postgresql', 'redis']) {
      const { matchExpressions } = find(manifests, 'NetworkPolicy', name).spec.podSelector;
      expect(matchExpressions[0].values).toContain('tools');
    }
    const { mountPath } = containers[0].volumeMounts[0];
    expect(containers[0].env).toEqual([{ name: 'REDIS_SSL_CA', value: `${mountPath}/ca.pem` }]);
  });
});

describe('reconcile', () => {
  beforeAll(() => render('reconcile', 'tls', 'network-policy'));

  const job = () => find(manifests, 'CronJob', 'reconcile').spec;

  it('compares every night, one run at a time, and does not try again what differs', () => {
    expect(job()).toMatchObject({ schedule: '30 3 * * *', concurrencyPolicy: 'Forbid' });
    expect(job().jobTemplate.spec.backoffLimit).toBe(0);
    // Its alert waits for an hour.
    expect(job().jobTemplate.spec.activeDeadlineSeconds).toBeLessThan(3600);
  });

  it('runs as the other Jobs do, with the Secret of an operator, the certificates and the way to PostgreSQL', () => {
    const pod = job().jobTemplate.spec.template.spec;
    const migrate = workloadOf(manifests, 'migrate').spec.template.spec;
    expect({ ...pod, containers: [] }).toEqual({
      ...migrate,
      serviceAccountName: 'reconcile',
      containers: [],
    });
    const [container] = pod.containers;
    expect(container).toMatchObject({
      args: ['dist/ops/order-vault.js', 'reconcile'],
      envFrom: [{ secretRef: { name: 'operator' } }],
      securityContext: migrate.containers[0].securityContext,
      volumeMounts: migrate.containers[0].volumeMounts,
    });
    expect(find(manifests, 'ServiceAccount', 'reconcile').automountServiceAccountToken).toBe(false);
    const { matchExpressions } = find(manifests, 'NetworkPolicy', 'postgresql').spec.podSelector;
    expect(matchExpressions[0].values).toContain('reconcile');
  });
});

describe('gitops', () => {
  const hook = (kind: string, name: string) => find(manifests, kind, name).metadata.annotations;
  const before = { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': '-1' };

  it('runs the Jobs before each sync of Argo CD, and after what they need', async () => {
    await render('tls', 'gitops');
    for (const name of jobs) {
      expect(hook('Job', name)).toEqual({
        'argocd.argoproj.io/hook': 'PreSync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        'kustomize.toolkit.fluxcd.io/force': 'enabled',
      });
      expect(hook('ServiceAccount', name)).toMatchObject(before);
      expect(workloadOf(manifests, name).spec.ttlSecondsAfterFinished).toBeUndefined();
      const { envFrom = [] } = workloadOf(manifests, name).spec.template.spec.containers[0];
      for (const { configMapRef } of envFrom) {
        expect(hook('ConfigMap', configMapRef.name)).toMatchObject(before);
      }
    }
    for (const name of services) {
      expect(hook('Deployment', name)).toBeUndefined();
    }
  });

  it('gives the Jobs the variables that they have without it', async () => {
    const variables = () => jobs.map((name) => environmentOf(manifests, name, (...of) => of.join('/')));
    await render('tls', 'gitops');
    const withIt = variables();
    await render('tls');
    expect(withIt).toEqual(variables());
  });
});

describe('three-servers', () => {
  beforeAll(() => render('three-servers'));

  it('gives cdm the databases of the others, and the migration all, from their own Secrets', () => {
    const urlsOf = (name: Workload) => {
      const urls = environmentOf(manifests, name, (secret, key) => `${secret}/${key}`);
      return Object.fromEntries(Object.entries(urls).filter(([key]) => key.endsWith('DATABASE_URL')));
    };
    expect(urlsOf('cdm')).toEqual({
      DATABASE_URL: 'cdm/DATABASE_URL',
      STG_DATABASE_URL: 'cdm/STG_DATABASE_URL',
      DDS_DATABASE_URL: 'cdm/DDS_DATABASE_URL',
    });
    expect(urlsOf('migrate')).toEqual({
      DATABASE_URL: 'migrate/DATABASE_URL',
      STG_DATABASE_URL: 'migrate/STG_DATABASE_URL',
      DDS_DATABASE_URL: 'migrate/DDS_DATABASE_URL',
      CDM_DATABASE_URL: 'migrate/CDM_DATABASE_URL',
    });
  });
});

describe('tracing', () => {
  beforeAll(() => render('tracing'));

  it.each(services)(
    'gives %s a collector at the port that is open to it, and a share of the orders',
    (name) => {
      const variables = environmentOf(manifests, name, () => '');
      expect(new URL(variables.OTEL_EXPORTER_OTLP_ENDPOINT!).port).toBe('4318');
      expect(variables).toMatchObject({
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      });
    },
  );

  it.each(services)('gives %s the token of the collector from its Secret, if it is there', (name) => {
    const { env } = workloadOf(manifests, name).spec.template.spec.containers[0];
    expect(env).toContainEqual({
      name: 'OTEL_EXPORTER_OTLP_HEADERS',
      valueFrom: { secretKeyRef: { name, key: 'OTEL_EXPORTER_OTLP_HEADERS', optional: true } },
    });
  });
});

describe('api-users', () => {
  beforeAll(() => render('tls', 'api-users'));

  it('gives cdm the file of users from a Secret, beside the certificates, and as a folder, so that it is replaced', () => {
    const { containers, volumes } = workloadOf(manifests, 'cdm').spec.template.spec;
    const { API_USERS } = environmentOf(manifests, 'cdm', () => '');
    expect(volumes).toEqual([
      { name: 'api-users', secret: { secretName: 'api-users' } },
      { name: 'certificates', configMap: { name: 'certificates' } },
    ]);
    const mount = containers[0].volumeMounts.find(({ name }: { name: string }) => name === 'api-users');
    expect(mount).toEqual({ name: 'api-users', mountPath: '/etc/order-vault/api-users', readOnly: true });
    expect(API_USERS).toBe(`${mount.mountPath}/users`);
    for (const name of ['stg', 'dds'] as const) {
      expect(environmentOf(manifests, name, () => '')).not.toHaveProperty('API_USERS');
    }
  });
});

describe('disruption-budget', () => {
  beforeAll(() => render('disruption-budget'));

  it.each(services)('lets one replica of %s go at a time, also a single one', (name) => {
    const { selector, maxUnavailable } = find(manifests, 'PodDisruptionBudget', name).spec;
    expect(selected(selector)).toEqual([name]);
    expect(maxUnavailable).toBe(1);
  });
});

describe('dashboard', () => {
  beforeAll(() => render('dashboard'));

  it('shows the dashboard and the API, not health and metrics', () => {
    const [rule] = find(manifests, 'Ingress', 'dashboard').spec.rules;
    const paths = rule.http.paths as { path: string; pathType: string; backend: unknown }[];
    expect(paths.map(({ path, pathType }) => [path, pathType])).toEqual([
      ['/', 'Exact'],
      ['/assets', 'Prefix'],
      ['/api', 'Prefix'],
    ]);
    for (const { backend } of paths) {
      expect(backend).toEqual({ service: { name: 'cdm', port: { name: 'http' } } });
    }
  });
});
