import { join } from 'node:path';
import { cacheFolder, filledOnce } from '../stack/download-cache';
import { unpackPackage } from '../stack/npm-package';

/** The program of another release of Node, from the package that npm has for this platform. */
export async function nodeOfRelease(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = await filledOnce(cacheFolder(`${name}-${version}`), (draft) =>
    unpackPackage(name, version, draft),
  );
  return join(folder, 'bin', 'node');
}
