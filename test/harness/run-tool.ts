import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeLikeTheImage } from '../../dev/services/node-of-release';
import { keep } from '../../dev/services/process-keeper';
import { quickStart } from './quick-start';
import type { Build } from './service-process';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const node = await nodeLikeTheImage();

/** How a tool ended: `code` null where it was killed. */
export interface ToolRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A tool of the image, `node dist/ops/order-vault.js NAME`, at work. */
export interface RunningTool {
  process: ChildProcess;
  ended: Promise<ToolRun>;
}

/**
 * @param environment all that it is given but the path
 * @param build another than the one that is shipped
 */
export function startTool(
  name: string,
  args: string[],
  environment: Record<string, string>,
  build: Build = 'dist',
): RunningTool {
  const entry = resolve(checkout, build, 'ops/order-vault.js');
  if (!existsSync(entry)) {
    throw new Error(`${entry} isn't there: \`npm run build\` makes it`);
  }
  const env = { PATH: process.env.PATH, ...quickStart, ...environment };
  let child!: ChildProcess;
  const ended = new Promise<ToolRun>((done) => {
    child = execFile(
      node,
      [entry, name, ...args],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    );
  });
  keep(child);
  return { process: child, ended };
}

export function runTool(...args: Parameters<typeof startTool>): Promise<ToolRun> {
  return startTool(...args).ended;
}
