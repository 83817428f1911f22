import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../stack/run-to-end';

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
    const answer = await go(['mod', 'download', '-json', module], {
      GOMODCACHE: cache,
      GOFLAGS: '-modcacherw',
    });
    pick((JSON.parse(answer.slice(answer.indexOf('{'))) as { Dir: string }).Dir);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

async function go(args: string[], environment: Record<string, string>): Promise<string> {
  try {
    return await runToEnd('go', args, { cwd: '/', env: { ...process.env, ...environment } });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw isMissing ? new Error('Go is needed, 1.24 or newer: there is no `go` on the PATH.') : error;
  }
}
