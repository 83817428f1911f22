import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keep } from '../../tools/services/process.keeper';

/** How a tool ended: `code` null where it was killed. */
export interface ToolRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A tool of the image, `node dist/tools/NAME.js`, at work. */
export interface RunningTool {
  process: ChildProcess;
  ended: Promise<ToolRun>;
}

/** @param environment all that it is given but the path */
export function startTool(name: string, args: string[], environment: Record<string, string>): RunningTool {
  const entry = fileURLToPath(new URL(`../../dist/tools/${name}.js`, import.meta.url));
  if (!existsSync(entry)) {
    throw new Error(`${entry} isn't there: \`npm run build\` makes it`);
  }
  const options = { env: { PATH: process.env.PATH, ...environment }, maxBuffer: 64 * 1024 * 1024 };
  let child!: ChildProcess;
  const ended = new Promise<ToolRun>((resolve) => {
    child = execFile(
      process.execPath,
      ['--enable-source-maps', entry, ...args],
      options,
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
  keep(child);
  return { process: child, ended };
}

export function runTool(name: string, args: string[], environment: Record<string, string>): Promise<ToolRun> {
  return startTool(name, args, environment).ended;
}
