import { ApiServer } from './deploy/api-server';
import { kubernetesVersions } from './deploy/deploy-tools';
import { defineCustomResources, dryRun } from './deploy/dry-run';
import { components, examplesOfReadme, overlays, renderComponents, renderFolder } from './deploy/render';

/**
 * npm run deploy:dry-run: applies every overlay and component, the resources of Strimzi and what README.md shows for
 * Argo CD and Flux to a real API server of the newest Kubernetes, as a dry run, before a release. Needs Go, Maven,
 * Python and openssl; the first time builds the server, which takes some ten minutes.
 */
try {
  const version = kubernetesVersions.at(-1)!;
  console.log(`Starting kube-apiserver ${version}`);
  const api = await ApiServer.start(version);
  try {
    await defineCustomResources(api);
    for (const overlay of overlays) {
      await mustTake(api, `overlays/${overlay}`, await renderFolder(`overlays/${overlay}`));
    }
    for (const [component, needed] of Object.entries(components)) {
      await mustTake(api, `components/${component}`, await renderComponents([...needed, component]));
    }
    await mustTake(api, 'strimzi', await renderFolder('strimzi'));
    await mustTake(api, 'README.md', examplesOfReadme());
    await mustRefuse(api);
  } finally {
    await api.stop();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function mustTake(api: ApiServer, name: string, text: string): Promise<void> {
  const { complaints, asked } = await dryRun(api, text);
  console.log(`${name}: ${asked} manifests and pods, ${complaints.length} refused or warned of`);
  if (complaints.length > 0) {
    throw new Error(complaints.join('\n'));
  }
}

/** A dry run that finds nothing in what is wrong would say nothing of what is right. */
async function mustRefuse(api: ApiServer): Promise<void> {
  const production = await renderFolder('overlays/production');
  for (const [text, right, wrong] of [
    [production, 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
    [production, 'backoffLimit: 10', 'backoffLimits: 10'],
    [production, 'maxReplicaCount: 6', 'maxReplicaCount: many'],
    [production, 'jobLabel: ', 'jobLabels: '],
    [await renderFolder('strimzi'), 'partitions: 6', 'partitions: 0'],
    [examplesOfReadme(), 'prune: true', 'prune: yes please'],
  ] as const) {
    const changed = text.replace(right, wrong);
    const { complaints } = changed === text ? { complaints: [] } : await dryRun(api, changed);
    if (complaints.length === 0) {
      throw new Error(`The API server took "${wrong}".`);
    }
    console.log(`refused, as it should be: ${complaints[0]}`);
  }
}
