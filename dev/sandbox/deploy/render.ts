import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { runToEnd } from '../../stack/run-to-end';
import { kustomize } from './deploy-tools';

const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));

export const overlays = ['local', 'production'];
/** Each with the components that are named before it. */
export const components: Record<string, string[]> = {
  'api-users': ['tls'],
  autoscaling: [],
  'autoscaling-sasl': ['tls'],
  dashboard: [],
  'disruption-budget': [],
  gitops: ['tls'],
  monitoring: [],
  'network-policy': [],
  reconcile: [],
  'three-servers': [],
  tls: [],
  tools: [],
  tracing: [],
};

type Labels = Record<string, string>;

/** What we read of a manifest; the schemas of Kubernetes check the rest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  automountServiceAccountToken?: boolean;
  data?: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any -- another shape for each kind
  spec: any;
}

/** What Kustomize makes of a folder of deploy/, as text. */
export async function renderFolder(folder: string): Promise<string> {
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

/** What README.md shows for Argo CD and Flux. */
export function examplesOfReadme(): string {
  const readme = readFileSync(join(deploy, 'README.md'), 'utf8');
  return Array.from(readme.matchAll(/^```yaml\n(apiVersion: .*?)^```$/gms), ([, text]) => text).join('---\n');
}

export function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}
