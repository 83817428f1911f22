import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { GRACE_MS } from '@app/service/start-service';
import { manifestsOf, overlays, renderFolder, type Manifest } from '../../tools/deploy/render';
import { find, ofKind } from './manifests';
import {
  environmentOf,
  jobs,
  readers,
  services,
  variablesRead,
  workloadOf,
  type Workload,
} from './workloads';

const workloads: Workload[] = [...services, ...jobs];
const rendered: Record<string, Manifest[]> = {};
const manifests = (overlay: string) => rendered[overlay]!;

/** Without TLS and SASL there is nothing to say of these. */
const ofTls = /^(KAFKA_SSL_CA|KAFKA_SASL_\w+|REDIS_SSL_CA)$/;
/** The health routes answer after this time at the latest, however long a server takes. */
const CHECK_SECONDS = 2;

/** Of the images of PostgreSQL and Redis; all others run as 1000. */
const accounts: Record<string, number> = { postgres: 999, redis: 999 };

const podOf = (overlay: string, name: Workload) => workloadOf(manifests(overlay), name).spec.template;
const containerOf = (overlay: string, name: Workload) => podOf(overlay, name).spec.containers[0];

function megabytes(quantity: string): number {
  expect(quantity).toMatch(/^\d+Mi$/);
  return Number.parseInt(quantity, 10);
}

function secondsToFail({ periodSeconds, failureThreshold }: Record<string, number>): number {
  return periodSeconds! * failureThreshold!;
}

beforeAll(async () => {
  for (const overlay of overlays) rendered[overlay] = manifestsOf(await renderFolder(`overlays/${overlay}`));
});

describe.each(overlays)('the overlay %s', (overlay) => {
  it.each(workloads)('sets for %s what it reads, and nothing else', (name) => {
    const expected = variablesRead(name).filter(
      (variable) => overlay === 'production' || !ofTls.test(variable),
    );
    expect(Object.keys(environmentOf(manifests(overlay), name, () => '')).toSorted()).toEqual(expected);
  });

  it.each(workloads)('runs %s from the image: with Node, and what the build makes', (name) => {
    const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as {
      projects: Record<string, { root: string; entryFile: string }>;
    };
    const { root, entryFile } = projects[name]!;
    const { command, args, image } = containerOf(overlay, name);
    expect(command).toBeUndefined();
    expect(args[0]).toBe(`dist/${root}/${entryFile}.js`);
    expect(image).toMatch(overlay === 'production' ? /\/order-vault:\d+\.\d+\.\d+$/ : /^order-vault:local$/);
  });

  it('keeps all pods at the level restricted', () => {
    const pods = [...ofKind(manifests(overlay), 'Deployment'), ...ofKind(manifests(overlay), 'Job')];
    expect(pods.length).toBe(overlay === 'local' ? 8 : 5);
    for (const { metadata, spec } of pods) {
      const { name } = metadata;
      const pod = spec.template.spec;
      expect({ name, pod }).toMatchObject({
        name,
        pod: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: accounts[name] ?? 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
          ],
        },
      });
      const kinds = (pod.volumes ?? []).flatMap((volume: object) => Object.keys(volume));
      expect(['name', 'emptyDir', 'configMap']).toEqual(expect.arrayContaining(kinds));
    }
    expect(find(manifests(overlay), 'Namespace', 'order-vault').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it.each(workloads)(
    'gives %s an account of its own without rights, and files that it can only read',
    (name) => {
      const { serviceAccountName } = podOf(overlay, name).spec;
      expect(serviceAccountName).toBe(name);
      expect(find(manifests(overlay), 'ServiceAccount', name).automountServiceAccountToken).toBe(false);
      expect(containerOf(overlay, name).securityContext.readOnlyRootFilesystem).toBe(true);
      expect(manifests(overlay).filter(({ kind }) => /Role/.test(kind))).toEqual([]);
    },
  );

  it.each(services)('asks %s whether it lives and whether it is ready', (name) => {
    const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(overlay, name);
    const { PORT } = environmentOf(manifests(overlay), name, () => '');
    expect(ports).toEqual([{ name: 'http', containerPort: Number(PORT) }]);
    expect(startupProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    for (const { timeoutSeconds } of [startupProbe, livenessProbe, readinessProbe]) {
      expect(timeoutSeconds).toBeGreaterThan(CHECK_SECONDS);
    }
    expect(secondsToFail(startupProbe)).toBeGreaterThanOrEqual(60);
    expect(secondsToFail(livenessProbe)).toBeGreaterThanOrEqual(30);
    expect(secondsToFail(readinessProbe)).toBeLessThanOrEqual(15);
  });

  it.each(services)('lets %s end its batch', (name) => {
    const { lifecycle, terminationGracePeriodSeconds } = {
      ...containerOf(overlay, name),
      ...podOf(overlay, name).spec,
    };
    const before = lifecycle?.preStop.sleep.seconds ?? 0;
    expect(before).toBe(name === 'cdm' ? 5 : 0);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(before + GRACE_MS / 1000 + 5);
  });

  it.each(workloads)('gives %s memory for what it was measured to need', (name) => {
    const { requests, limits } = containerOf(overlay, name).resources;
    const isService = services.includes(name as 'stg');
    // Services stay below 256 MiB while they catch up.
    expect(megabytes(limits.memory)).toBe(isService ? 384 : 256);
    expect(megabytes(requests.memory)).toBeLessThan(megabytes(limits.memory));
    expect(requests.cpu).toMatch(/^\d+m$/);
    expect(limits.cpu).toBeUndefined();
  });

  it.each(services)('spreads the replicas of %s, and finds them by its Service', (name) => {
    const { metadata, spec } = podOf(overlay, name);
    const constraints = spec.topologySpreadConstraints as Record<string, unknown>[];
    expect(constraints.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    for (const constraint of constraints) {
      expect(constraint).toMatchObject({ maxSkew: 1, matchLabelKeys: ['pod-template-hash'] });
      expect(metadata.labels).toMatchObject((constraint.labelSelector as Manifest['spec']).matchLabels);
    }
    const service = find(manifests(overlay), 'Service', name);
    expect(metadata.labels).toMatchObject(service.spec.selector);
    expect(service.spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  });

  it('finds the pods of one workload alone by the labels of a workload', () => {
    for (const name of services) {
      const { matchLabels } = workloadOf(manifests(overlay), name).spec.selector;
      const found = workloads.filter((other) =>
        Object.entries(matchLabels).every(
          ([key, value]) => podOf(overlay, other).metadata.labels[key] === value,
        ),
      );
      expect(found).toEqual([name]);
    }
  });

  it.each(jobs)('tries %s again, and forgets it when it is done', (name) => {
    const { spec } = workloadOf(manifests(overlay), name);
    expect(spec).toMatchObject({ backoffLimit: 10, ttlSecondsAfterFinished: 3600 });
    expect(spec.template.spec.restartPolicy).toBe('Never');
  });
});

describe('the overlay local', () => {
  const secretValue = (secret: string, key: string) => {
    const [generated, ...others] = ofKind(manifests('local'), 'Secret').filter(
      ({ metadata }) => metadata.name === secret,
    );
    expect(others).toEqual([]);
    return Buffer.from(generated!.data![key]!, 'base64').toString();
  };

  it.each(workloads)('has values that %s accepts', (name) => {
    const variables = environmentOf(manifests('local'), name, secretValue);
    expect(readers[name](variables)).toBeTruthy();
  });

  it.each(services)('has the topics, group and port of %s that it has by itself', (name) => {
    const variables = environmentOf(manifests('local'), name, secretValue);
    const { SOURCE_TOPIC, OUTPUT_TOPIC, DEAD_LETTER_TOPIC, KAFKA_GROUP_ID, PORT, ...servers } = variables;
    expect({ SOURCE_TOPIC, OUTPUT_TOPIC, DEAD_LETTER_TOPIC, KAFKA_GROUP_ID, PORT: Number(PORT) }).toEqual(
      expect.objectContaining(
        Object.fromEntries(
          Object.entries(readers[name](servers) as object).filter(([key]) => /TOPIC|GROUP|PORT/.test(key)),
        ),
      ),
    );
  });

  it('has a Service for each server that the variables name', () => {
    const { KAFKA_BROKERS, DATABASE_URL, REDIS_URL } = environmentOf(manifests('local'), 'stg', secretValue);
    for (const url of [`kafka://${KAFKA_BROKERS}`, DATABASE_URL!, REDIS_URL!]) {
      const { hostname, port } = new URL(url);
      expect(find(manifests('local'), 'Service', hostname).spec.ports[0].port).toBe(Number(port));
    }
  });
});

describe('the overlay production', () => {
  const certificates = '/etc/order-vault/certificates/ca.pem';
  const secrets: Record<string, string> = {
    DATABASE_URL: `postgres://stg:secret@db.example.com:6432/order_vault?sslmode=verify-full&sslrootcert=${certificates}`,
    REDIS_URL: 'rediss://:secret@redis.example.com:6380',
    KAFKA_SASL_USERNAME: 'stg',
    KAFKA_SASL_PASSWORD: 'secret',
    API_TOKEN: 'secret',
  };

  it('holds no Secret', () => {
    expect(ofKind(manifests('production'), 'Secret')).toEqual([]);
  });

  it.each(workloads)('takes for %s the keys of one Secret that README.md lists', (name) => {
    const used: string[] = [];
    environmentOf(manifests('production'), name, (secret, key) => {
      used.push(`${secret}/${key}`);
      return '';
    });
    const readme = readFileSync('deploy/README.md', 'utf8').split('\n');
    const row = readme.find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const listed = Array.from(row.matchAll(/`([A-Z_]+)`/g), ([, key]) => `${name}/${key}`);
    expect(used.toSorted()).toEqual(listed.toSorted());
  });

  it.each(workloads)('mounts the certificates that the variables of %s name', (name) => {
    const { volumes } = podOf('production', name).spec;
    expect(volumes).toEqual([{ name: 'certificates', configMap: { name: 'certificates' } }]);
    expect(containerOf('production', name).volumeMounts).toEqual([
      { name: 'certificates', mountPath: '/etc/order-vault/certificates', readOnly: true },
    ]);
    const variables = environmentOf(manifests('production'), name, (_, key) => secrets[key]!);
    const files = Object.keys(variables).filter((variable) => variable.endsWith('_SSL_CA'));
    expect(files.map((variable) => variables[variable])).toEqual(files.map(() => certificates));
    const file = fileURLToPath(import.meta.url);
    const here = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, value.replaceAll(certificates, file)]),
    );
    expect(readers[name](here)).toBeTruthy();
  });
});
