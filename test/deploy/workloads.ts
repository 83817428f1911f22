import { CdmEnvironment } from '../../apps/cdm/src/environment/cdm.environment';
import { DdsEnvironment } from '../../apps/dds/src/environment/dds.environment';
import { StgEnvironment } from '../../apps/stg/src/environment/stg.environment';
import { readEnvironment } from '@app/service/environment';
import { kafkaEnvironment } from '../../ops/servers/kafka.environment';
import type { Manifest } from '../../dev/sandbox/deploy/render';
import { find } from './manifests';

export const services = ['stg', 'dds', 'cdm'] as const;
export const jobs = ['migrate', 'topics'] as const;
export type Workload = (typeof services)[number] | (typeof jobs)[number];

/** What each workload makes of its environment: the very code that it starts with. */
export const readers: Record<Workload, (variables: NodeJS.ProcessEnv) => unknown> = {
  stg: (variables) => readEnvironment(StgEnvironment, variables),
  dds: (variables) => readEnvironment(DdsEnvironment, variables),
  cdm: (variables) => readEnvironment(CdmEnvironment, variables),
  migrate: ({ DATABASE_URL }) => DATABASE_URL,
  topics: kafkaEnvironment,
};

/** The names of the variables that a workload reads, as it reads them. */
export function variablesRead(workload: Workload): string[] {
  const names = new Set<string>();
  const variables = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_, name) {
        names.add(String(name));
        return undefined;
      },
    },
  );
  try {
    readers[workload](variables);
  } catch {
    // Refused, since all are missing; what was asked for is known by then.
  }
  return [...names].toSorted();
}

export function workloadOf(manifests: Manifest[], name: Workload): Manifest {
  return find(manifests, services.includes(name as 'stg') ? 'Deployment' : 'Job', name);
}

/**
 * The variables of the one container: from ConfigMaps with their values, from Secrets with what a function says of
 * them.
 */
export function environmentOf(
  manifests: Manifest[],
  name: Workload,
  secretValue: (secret: string, key: string) => string,
): Record<string, string> {
  const { env = [], envFrom = [] } = workloadOf(manifests, name).spec.template.spec.containers[0];
  const variables: Record<string, string> = {};
  for (const { configMapRef } of envFrom) {
    Object.assign(variables, find(manifests, 'ConfigMap', configMapRef.name).data);
  }
  for (const { name: variable, value, valueFrom } of env) {
    if (variable in variables) {
      throw new Error(`${variable} of ${name} is set twice`);
    }
    variables[variable] = value ?? secretValue(valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
  }
  return variables;
}
