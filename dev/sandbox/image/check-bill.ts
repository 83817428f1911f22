import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from './build-image';

interface Component {
  group?: string;
  name: string;
  version: string;
}

/** @throws when the bill of materials lacks a package that services, tools or the page are made of */
export function checkBill({ workdir }: Image, say: (line: string) => void): void {
  const read = (file: string) => JSON.parse(readFileSync(join(workdir, file), 'utf8')) as unknown;
  const { components } = read('sbom.cdx.json') as { components: Component[] };
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
  const listed = new Set(
    components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`),
  );
  const missing = Object.entries(dependencies)
    .map(([name, version]) => `${name}@${version}`)
    .filter((each) => !listed.has(each));
  if (missing.length > 0) {
    throw new Error(`sbom.cdx.json lacks ${missing.join(', ')}.`);
  }
  say(`the bill of materials lists ${components.length} packages`);
}
