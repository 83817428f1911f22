import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../dev/stack/run-to-end';

/*
 * Programs of this folder, each in a process of its own, where kafkajs is plain: test files share one process, and a
 * file that mends kafkajs changes it for all of them.
 */

/**
 * @param name of the file, without its ending
 * @returns what it printed
 */
export async function runAlone(name: string, ...args: string[]): Promise<string> {
  return (await runToEnd(process.execPath, command(name, args))).trim();
}

/** A program that goes on until it is stopped. */
export function startAlone(name: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, command(name, args), { stdio: ['ignore', 'pipe', 'inherit'] });
}

function command(name: string, args: string[]): string[] {
  const program = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  return ['--no-warnings', '--import', 'tsx', program, ...args];
}
