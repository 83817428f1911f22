import { ApiServer } from './deploy/api-server';
import { kubernetesVersions } from './deploy/deploy-tools';
import { defineCustomResources, dryRun } from './deploy/dry-run';
import { overlays, renderFolder } from './deploy/render';

/**
 * npm run deploy:dry-run: applies every overlay to a real API server of the newest Kubernetes, as a dry run, before a
 * release. Needs Go and openssl; the first time builds the server, which takes some ten minutes.
 */
try {
  const version = kubernetesVersions.at(-1)!;
  console.log(`Starting kube-apiserver ${version}`);
  const api = await ApiServer.start(version);
  try {
    await defineCustomResources(api);
    for (const overlay of overlays) {
      const { complaints, asked } = await dryRun(api, await renderFolder(`overlays/${overlay}`));
      console.log(
        `overlays/${overlay}: ${asked} manifests and pods, ${complaints.length} refused or warned of`,
      );
      if (complaints.length > 0) {
        throw new Error(complaints.join('\n'));
      }
    }
    await mustRefuse(api);
  } finally {
    await api.stop();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** A dry run that finds nothing in what is wrong would say nothing of what is right. */
async function mustRefuse(api: ApiServer): Promise<void> {
  const text = await renderFolder('overlays/production');
  for (const [right, wrong] of [
    ['allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
    ['backoffLimit: 10', 'backoffLimits: 10'],
    ['maxReplicaCount: 6', 'maxReplicaCount: many'],
  ] as const) {
    const changed = text.replace(right, wrong);
    const { complaints } = changed === text ? { complaints: [] } : await dryRun(api, changed);
    if (complaints.length === 0) {
      throw new Error(`The API server took "${wrong}".`);
    }
    console.log(`refused, as it should be: ${complaints[0]}`);
  }
}
