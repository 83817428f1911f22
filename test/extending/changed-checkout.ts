import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { patched, type FileChange } from './page-changes';

const original = fileURLToPath(new URL('../..', import.meta.url));
const copied = [
  'apps',
  'dbt',
  'dev',
  'docs',
  'libs',
  'migrations',
  'ops',
  'test',
  '.oxlintrc.json',
  '.prettierrc.json',
];
const configuration = [
  'nest-cli.json',
  'package.json',
  'rspack.config.mjs',
  'tsconfig.json',
  'vitest.config.ts',
];

/** A copy of this checkout, to be changed and built. */
export class ChangedCheckout {
  readonly folder = mkdtempSync(join(tmpdir(), 'order-vault-extended-'));

  constructor() {
    for (const name of [...copied, ...configuration]) {
      cpSync(join(original, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(original, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** The folder of its build. */
  get build(): `/${string}` {
    return join(this.folder, 'dist') as `/${string}`;
  }

  apply({ file, kind, text }: FileChange): void {
    const path = join(this.folder, file);
    if (kind === 'new' && existsSync(path)) {
      throw new Error(`${file}, which docs/extending.md makes, is there already`);
    }
    try {
      writeFileSync(path, kind === 'new' ? text : patched(readFileSync(path, 'utf8'), text));
    } catch (error) {
      const message = `docs/extending.md no longer fits ${file}: ${(error as Error).message}`;
      throw new Error(message, { cause: error });
    }
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /**
   * Runs a program of node_modules/.bin in it.
   * @returns what it printed, where it failed
   */
  async run(program: string, ...args: string[]): Promise<string | undefined> {
    const entry = join(this.folder, 'node_modules/.bin', program);
    // Nothing of the test's own environment but the path.
    const options = { cwd: this.folder, env: { PATH: process.env.PATH } };
    try {
      await promisify(execFile)(entry, args, options);
      return undefined;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}${stderr}`;
    }
  }

  /** Those of the files that are not as in the original. */
  differing(...files: string[]): string[] {
    return files.filter(
      (file) => readFileSync(join(this.folder, file), 'utf8') !== readFileSync(join(original, file), 'utf8'),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
