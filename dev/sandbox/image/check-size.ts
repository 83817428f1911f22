import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './build-image';

const MB = 1_000_000;
const LIMIT_MB = 60;

/** @throws when what is ours in the image, `dist` and the packages, is not below 60 MB */
export function checkSize({ workdir }: Image, say: (line: string) => void): void {
  const dist = sizeOf(join(workdir, 'dist'));
  const modules = sizeOf(join(workdir, 'node_modules'));
  const largest = packagesIn(join(workdir, 'node_modules'))
    .map((name) => ({ name, size: sizeOf(join(workdir, 'node_modules', name)) }))
    .toSorted((one, other) => other.size - one.size)
    .slice(0, 6);
  say(`dist ${megabytes(dist)}, node_modules ${megabytes(modules)}; the limit of both is ${LIMIT_MB} MB`);
  say(`the largest packages: ${largest.map(({ name, size }) => `${name} ${megabytes(size)}`).join(', ')}`);
  if (dist + modules >= LIMIT_MB * MB) {
    throw new Error(`dist and node_modules have ${megabytes(dist + modules)}, not below ${LIMIT_MB} MB.`);
  }
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => join(name, part)) : name,
  );
}

/** Bytes in all files of a folder, as they count in a layer of an image. */
function sizeOf(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) {
    return status.size;
  }
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
