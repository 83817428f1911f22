import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  customSchemas,
  kubeconform,
  kubernetesSchemas,
  kubernetesVersions,
} from '../../dev/sandbox/deploy/deploy-tools';
import { schemaLocation } from '../../dev/sandbox/deploy/resource-schemas';
import {
  components,
  manifestsOf,
  overlays,
  renderComponents,
  renderFolder,
} from '../../dev/sandbox/deploy/render';

const rendered: Record<string, string> = {};

/** @returns what kubeconform says of each resource that is not valid, and how many it looked at */
async function validate(text: string, version: string): Promise<{ complaints: string[]; resources: number }> {
  const folders = [await kubernetesSchemas(version), ...(await customSchemas())];
  const locations = folders.flatMap((folder) => ['-schema-location', join(folder, schemaLocation)]);
  const run = promisify(execFile)(await kubeconform(), [
    '-strict',
    '-output',
    'json',
    '-summary',
    ...locations,
  ]);
  run.child.stdin!.end(text);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const { resources, summary } = JSON.parse(stdout) as {
    resources: { kind: string; name: string; msg: string }[];
    summary: Record<'valid' | 'invalid' | 'errors' | 'skipped', number>;
  };
  return {
    complaints: resources.map(({ kind, name, msg }) => `${kind} ${name}: ${msg}`),
    resources: Object.values(summary).reduce((sum, count) => sum + count, 0),
  };
}

beforeAll(async () => {
  rendered.base = await renderFolder('base');
  for (const name of overlays) {
    rendered[`overlays/${name}`] = await renderFolder(`overlays/${name}`);
  }
  for (const [name, needed] of Object.entries(components)) {
    rendered[`components/${name}`] = await renderComponents([...needed, name]);
  }
});

it('looks at each folder of overlays and components', () => {
  expect(overlays.toSorted()).toEqual(readdirSync('deploy/overlays').toSorted());
  expect(Object.keys(components).toSorted()).toEqual(readdirSync('deploy/components').toSorted());
});

describe.each(kubernetesVersions)('by the schemas of Kubernetes %s', (version) => {
  it.each([
    'base',
    ...overlays.map((name) => `overlays/${name}`),
    ...Object.keys(components).map((name) => `components/${name}`),
  ])('%s is valid', async (folder) => {
    const { complaints, resources } = await validate(rendered[folder]!, version);
    expect(complaints).toEqual([]);
    expect(resources).toBe(manifestsOf(rendered[folder]!).length);
  });

  it.each([
    ['a field that does not exist', 'terminationGracePeriodSeconds:', 'terminationGraceSeconds:'],
    ['a value of another type', 'containerPort: 3001', 'containerPort: http'],
    ['a field of a custom resource that does not exist', 'maxReplicaCount:', 'maxReplicas:'],
    ['a version that does not exist', 'apiVersion: batch/v1', 'apiVersion: batch/v2'],
  ])('%s is found', async (_, right, wrong) => {
    const text = rendered['overlays/production']!;
    expect(text).toContain(right);
    expect((await validate(text.replace(right, wrong), version)).complaints.length).toBe(1);
  });
});
