import {
  customSchemas,
  hadolint,
  kubeconform,
  kubernetesSchemas,
  kubernetesVersions,
  kustomize,
  promtool,
} from './deploy/deploy-tools';

/**
 * npm run deploy:tools: gets what the tests of deploy/ and of the Dockerfile need and this machine has not yet. Needs
 * Go and Python; the first time takes minutes.
 */
try {
  for (const program of [kustomize, kubeconform, promtool, hadolint]) {
    console.log(await program());
  }
  for (const version of kubernetesVersions) {
    console.log(await kubernetesSchemas(version));
  }
  for (const folder of await customSchemas()) {
    console.log(folder);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
