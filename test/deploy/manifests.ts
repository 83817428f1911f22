import type { Manifest } from '../../dev/sandbox/deploy/render';

export function find(manifests: Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter(({ kind: k, metadata }) => k === kind && metadata.name === name);
  if (found.length !== 1) {
    throw new Error(`${found.length} times ${kind} ${name}`);
  }
  return found[0]!;
}

export function ofKind(manifests: Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}
