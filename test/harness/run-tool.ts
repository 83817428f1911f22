import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keep } from '../../tools/services/process.keeper';

export interface ToolRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a tool to its end as the image does, `node dist/tools/NAME.js`, with exactly the environment that it is given. */
export function runTool(name: string, args: string[], environment: Record<string, string>): Promise<ToolRun> {
  const entry = fileURLToPath(new URL(`../../dist/tools/${name}.js`, import.meta.url));
  if (!existsSync(entry)) {
    throw new Error(`${entry} isn't there: \`npm run build\` makes it`);
  }
  const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keep(child);
  const run: ToolRun = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...run, code }));
  });
}
