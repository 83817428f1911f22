import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { kustomize } from '../../tools/deploy/deploy-tools';
import { runToEnd } from '../../tools/stack/run-to-end';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));

export const overlays = ['local', 'production'];
/** Each with the components that it builds on. */
export const components: Record<string, string[]> = {
  autoscaling: [],
  'autoscaling-sasl': ['tls'],
  dashboard: [],
  'disruption-budget': [],
  monitoring: [],
  'network-policy': [],
  tls: [],
};

type Labels = Record<string, string>;

/** What the tests read of a manifest; the schemas of Kubernetes check the rest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels };
  automountServiceAccountToken?: boolean;
  data?: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any -- another shape for each kind
  spec: any;
}

/** What Kustomize makes of a folder of deploy/, as text. */
export async function renderText(folder: string): Promise<string> {
  return runToEnd(await kustomize(), ['build', join(deploy, folder)]);
}

/** The base with some components, as an overlay would have them. */
export async function renderComponents(names: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'order-vault-overlay-'));
  const place = (part: string) => relative(folder, join(deploy, part));
  try {
    const overlay = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: 'order-vault',
      resources: [place('base')],
      components: names.map((name) => place(join('components', name))),
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
    return await runToEnd(await kustomize(), ['build', folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export function find(manifests: Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter(({ kind: k, metadata }) => k === kind && metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} times ${kind} ${name}`);
  return found[0]!;
}

export function ofKind(manifests: Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}
