import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './build-image';

const MB = 1_000_000;
const LIMIT_MB = 60;

/** @throws when what is ours in the image is not below 60 MB */
export function checkSize({ workdir }: Image, say: (line: string) => void): void {
  const sizes = readdirSync(workdir)
    .map((name) => ({ name, size: sizeOf(join(workdir, name)) }))
    .toSorted((one, other) => other.size - one.size);
  const all = sizes.reduce((sum, { size }) => sum + size, 0);
  say(
    `the largest parts: ${sizes
      .slice(0, 4)
      .map(({ name, size }) => `${name} ${megabytes(size)}`)
      .join(', ')}`,
  );
  say(`all: ${megabytes(all)}; the limit is ${LIMIT_MB} MB`);
  if (all >= LIMIT_MB * MB) {
    throw new Error(`The image has ${megabytes(all)} above its base, not below ${LIMIT_MB} MB.`);
  }
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
