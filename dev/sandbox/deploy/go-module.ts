import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../../stack/run-to-end';

/**
 * Builds a program of a Go module.
 * @param program path of its package and version, as `go install` takes it
 * @param folder gets the program, by the last part of its path
 * @throws with what Go said; where there is no Go, that it is needed
 */
export async function buildProgram(program: string, folder: string): Promise<void> {
  await go(['install', program], { GOBIN: folder });
}

/**
 * Builds a program of a Go module that `go install` refuses, since it has parts of itself replaced: as a dependency of
 * a module of our own, with the published versions of those parts.
 * @param module path and version
 * @param program path of its package
 * @param file what it becomes
 * @param flags of the linker
 */
export async function buildDependency(
  module: string,
  program: string,
  file: string,
  flags = '',
): Promise<void> {
  const own = `${file}.module`;
  mkdirSync(own);
  try {
    const { GoMod } = await download(module, {});
    const [path = '', version = ''] = module.split('@v');
    // Kubernetes 1.36.3 is made of parts that are published as 0.36.3.
    const parts = Array.from(
      readFileSync(GoMod, 'utf8').matchAll(/^\s(\S+) v0\.0\.0\b(?!-)/gm),
      ([, part]) => `replace ${part} => ${part} v${version.replace('1.', '0.')}\n`,
    );
    writeFileSync(
      join(own, 'go.mod'),
      `module build\n\ngo 1.24\n\nrequire ${path} v${version}\n${parts.join('')}`,
    );
    const options = ['-mod=mod', '-ldflags', flags, '-o', file];
    await go(['build', ...options, program], { GOWORK: 'off' }, own);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/**
 * Downloads a Go module for the files in it, and keeps nothing but what is picked.
 * @param pick gets the folder with the module's files
 */
export async function pickFromModule(
  module: string,
  folder: string,
  pick: (files: string) => void,
): Promise<void> {
  const cache = join(folder, 'modules');
  mkdirSync(cache);
  try {
    pick((await download(module, { GOMODCACHE: cache, GOFLAGS: '-modcacherw' })).Dir);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function download(
  module: string,
  environment: Record<string, string>,
): Promise<{ Dir: string; GoMod: string }> {
  const answer = await go(['mod', 'download', '-json', module], environment);
  return JSON.parse(answer.slice(answer.indexOf('{'))) as { Dir: string; GoMod: string };
}

async function go(args: string[], environment: Record<string, string>, cwd = '/'): Promise<string> {
  try {
    return await runToEnd('go', args, { cwd, env: { ...process.env, ...environment } });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw isMissing ? new Error('Go is needed, 1.24 or newer: there is no `go` on the PATH.') : error;
  }
}
