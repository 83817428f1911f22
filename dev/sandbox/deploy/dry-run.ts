import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Answer, ApiServer } from './api-server';
import { customResourceDefinitions } from './custom-definitions';
import { manifestsOf, type Manifest } from './render';

/** Stored for real, in a server that is thrown away, since others need them: namespaces and accounts of pods. */
const stored = ['Namespace', 'ServiceAccount'];

/** Makes the kinds of custom resources known, and waits until they are. */
export async function defineCustomResources(api: ApiServer): Promise<void> {
  for (const text of await customResourceDefinitions()) {
    const definition = parse(text) as Manifest;
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`;
    await apply(api, path, definition, { dryRun: false });
    for (let established = false; !established;) {
      const conditions = (await api.ask('GET', path)).body.status?.conditions ?? [];
      established = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
      await pause(100);
    }
  }
}

/**
 * Applies the manifests as `kubectl apply --server-side --dry-run=server` does, and the pods of workloads, which no
 * controller makes here, after them.
 * @returns what the server refused or warned of, and how many manifests and pods it was asked about
 */
export async function dryRun(api: ApiServer, text: string): Promise<{ complaints: string[]; asked: number }> {
  const manifests = manifestsOf(text);
  const pods = manifests.filter(({ kind }) => kind in templateOf).map(podOf);
  const accounts = manifests.filter(({ kind }) => kind === 'Namespace').map(defaultAccountOf);
  await makeNamespaces(api, manifests);
  const complaints: string[] = [];
  for (const manifest of [...inOrder([...manifests, ...accounts]), ...pods]) {
    const path = await pathOf(api, manifest);
    const { status, warnings, body } = await apply(api, path, manifest, { dryRun: !isStored(manifest) });
    const messages = status < 300 ? warnings : [body.message ?? String(status)];
    complaints.push(...messages.map((message) => `${manifest.kind} ${manifest.metadata.name}: ${message}`));
  }
  return { complaints, asked: manifests.length + pods.length };
}

/** Those that are made elsewhere. One that an overlay has made keeps its labels. */
async function makeNamespaces(api: ApiServer, manifests: Manifest[]): Promise<void> {
  for (const name of new Set(manifests.map(({ metadata }) => metadata.namespace ?? 'default'))) {
    const path = `/api/v1/namespaces/${name}`;
    if ((await api.ask('GET', path)).status === 404) {
      const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: undefined };
      await apply(api, path, manifest, { dryRun: false });
    }
  }
}

/** Namespaces first, then accounts, then what has to be in or of them. */
function inOrder(manifests: Manifest[]): Manifest[] {
  return [
    ...stored.flatMap((first) => manifests.filter(({ kind }) => kind === first)),
    ...manifests.filter((manifest) => !isStored(manifest)),
  ];
}

function isStored({ kind }: Manifest): boolean {
  return stored.includes(kind);
}

/** Where a workload has the template of its pods. */
const templateOf: Record<string, (spec: Manifest['spec']) => Pick<Manifest, 'metadata' | 'spec'>> = {
  Deployment: ({ template }) => template,
  Job: ({ template }) => template,
  CronJob: ({ jobTemplate }) => jobTemplate.spec.template,
};

/** A pod of the workload, as its controller would make it. The level of pod security is enforced on pods alone. */
function podOf({ kind, metadata, spec }: Manifest): Manifest {
  const template = templateOf[kind]!(spec);
  const { name, namespace } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name, namespace },
    spec: template.spec,
  };
}

/** Every namespace has it; it is made by a controller too. */
function defaultAccountOf({ metadata }: Manifest): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: metadata.name },
    spec: undefined,
  };
}

async function pathOf(api: ApiServer, { apiVersion, kind, metadata }: Manifest): Promise<string> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources = [] } = (await api.ask('GET', group)).body as {
    resources?: { name: string; kind: string; namespaced: boolean }[];
  };
  const resource = resources.find(({ name, kind: of }) => of === kind && !name.includes('/'));
  if (!resource) {
    throw new Error(`The API server knows no ${kind} of ${apiVersion}.`);
  }
  const place = resource.namespaced ? `/namespaces/${metadata.namespace}` : '';
  return `${group}${place}/${resource.name}/${metadata.name}`;
}

function apply(
  api: ApiServer,
  path: string,
  manifest: Manifest,
  { dryRun: isDry }: { dryRun: boolean },
): Promise<Answer> {
  const query = `fieldManager=order-vault&fieldValidation=Strict${isDry ? '&dryRun=All' : ''}`;
  return api.ask('PATCH', `${path}?${query}`, manifest);
}
